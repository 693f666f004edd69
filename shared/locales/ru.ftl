# What Lectern says to people, in Russian; see en.ftl.

-lectern = Lectern
-app-page = Zoom App Marketplace > Develop > Build App (или Manage) > ваше приложение
-users-page = веб-портал Zoom > Admin > User Management > Users
-roles-page = веб-портал Zoom > Admin > User Management > Roles
-plans-page = веб-портал Zoom > Admin > Plans and Billing > Plan Management
-delay = Zoom может применять изменения несколько минут; затем проверьте снова.
-new-code = Откройте страницу авторизации приложения ещё раз, разрешите доступ и в течение 5 минут отправьте новый код или весь адрес, на который перешёл браузер.
-general-app = У General App нет раздела Activation: проверьте в Zoom App Marketplace > Manage > Added Apps, что приложение добавлено в учётную запись.
-after-scopes = затем Done и Activation > Activate your app. У General App раздела Activation нет: вместо этого откройте ещё раз страницу авторизации и отправьте новый код.

list-separator = { "; " }

## Calendars: what an event says besides the agenda

calendar-join-meeting = Войти на встречу
calendar-join-webinar = Войти на вебинар
calendar-link = { $label }: { $link }
calendar-passcode = Код доступа: { $passcode }

## Checks: the app's credentials

not-reached = Не проверялось: см. предыдущие проверки.

accepted = Zoom принимает приложение для учётной записи { $account }.
accepted-somewhere = Zoom принимает приложение.

code-used = Zoom принимает приложение для учётной записи { $account }. Проверка израсходовала код авторизации, который действует один раз: для подключения нужен новый.
code-used-somewhere = Zoom принимает приложение. Проверка израсходовала код авторизации, который действует один раз: для подключения нужен новый.

wrong-client = Неверный Client ID или Client Secret: вместе они Zoom неизвестны.
    .fix = { -app-page } > App Credentials: скопируйте Client ID и Client Secret ещё раз, целиком и из одного и того же приложения. Если секретный ключ там создали заново, старый больше не действует.

wrong-account = Неверный Account ID: Client ID и Client Secret известны Zoom, но учётной записи { $account } с этим приложением нет.
    .fix = { -app-page } > App Credentials: скопируйте Account ID ещё раз. Это не номер учётной записи и не адрес электронной почты, а идентификатор той учётной записи, в которой создано приложение.

not-activated = Приложение не активировано, или его учётная запись Zoom не разрешает приложения этого типа.
    .fix = { -app-page } > Activation > Activate your app. Если это невозможно, попросите владельца учётной записи Zoom разрешить приложения этого типа для роли пользователя, создавшего приложение: { -roles-page }. { -general-app } { -delay }

disabled = Приложение отключено.
    .fix = { -app-page } > Activation > Activate your app. Если его нельзя активировать, попросите владельца учётной записи Zoom разрешить его в Zoom App Marketplace > Manage > Apps on Account. { -general-app } { -delay }

deauthorized = Учётная запись Zoom удалила приложение. Его секреты и сведения о пользователях этой учётной записи удалены.
    .fix = Снова добавьте приложение в учётную запись Zoom, затем ещё раз отправьте его данные (PATCH подключения: `auth` и `active`: true), а если используются вебхуки, то и Secret Token.

not-server-to-server = Неверный тип приложения: это не Server-to-Server OAuth, поэтому Zoom не выдаёт ему токен по Account ID.
    .fix = Создайте приложение через Zoom App Marketplace > Develop > Build App > Server-to-Server OAuth App и отправьте его Account ID, Client ID и Client Secret; или подключите General App методом `authorization_code`.

not-general = Неверный тип приложения: это не General App, поэтому Zoom не принимает для него код авторизации.
    .fix = Подключите приложение Server-to-Server OAuth методом `server_to_server` с его Account ID ({ -app-page } > App Credentials); или создайте приложение через Zoom App Marketplace > Develop > Build App > General App > Admin-managed.

user-managed = Неверный тип приложения: General App управляется пользователем и имеет доступ только к нему, так как ни одно из его разрешений (scopes) не оканчивается на `:admin`.
    .fix = { -app-page } > Basic Information: выберите Admin-managed. Затем Scopes > Add Scopes: добавьте разрешения, которые оканчиваются на `:admin`. { -new-code }

code-refused = Код авторизации неверен или устарел: он действует 5 минут и только один раз.
    .fix = { -new-code } Настройки приложения менять не нужно.

redirect-uri-differs = Redirect URI не совпадает с указанным в приложении: отправлен { $uri }.
    .fix = { -app-page } > OAuth Information (или Basic Information) > OAuth Redirect URL: должен совпадать с { $uri } до последнего символа, включая косую черту в конце. { -new-code }

account-mismatch = Приложение принадлежит учётной записи Zoom { $found }, а подключение — { $expected }: его конференции стали бы недоступны.
    .fix = Отправьте данные приложения из учётной записи Zoom { $expected }. Для другой учётной записи создайте отдельное подключение.

refresh-interrupted = Подключите заново: обновление токена подключения прервалось. Zoom выдал новый токен, но он потерялся до сохранения, а старый больше не действует.
    .fix = { -new-code } Настройки приложения менять не нужно.

refresh-refused = Подключите заново: Zoom больше не принимает токен подключения. Приложение удалено из учётной записи или авторизовано в другом месте, либо срок токена истёк.
    .fix = Проверьте в Zoom App Marketplace > Manage > Added Apps, что приложение ещё есть. { -new-code }

token-refused = Zoom не выдаёт приложению токен. Причина по словам Zoom: { $reason }
    .fix = { -app-page }: сверьте Account ID, Client ID и Client Secret в разделе App Credentials и проверьте в разделе Activation, что приложение активировано. { -general-app }

token-refused-in-silence = Zoom не выдаёт приложению токен и не называет причину.
    .fix = { -app-page }: сверьте Account ID, Client ID и Client Secret в разделе App Credentials и проверьте в разделе Activation, что приложение активировано. { -general-app }

## Checks: whatever Zoom is asked

token-dead = Zoom выдал приложению токен, но не принимает его: приложение только что отключили.
    .fix = { -app-page } > Activation > Activate your app. { -general-app } { -delay }

refused = Zoom отказал: { $words }
    .fix = Пользователю, создавшему приложение, нужна роль, которая позволяет видеть пользователей и изменять конференции: { -roles-page }. Затем { -app-page } > Activation. { -delay }

rate-limited =
    { $seconds ->
        [one] Zoom просит паузу в { $seconds } секунду: учётная запись делает слишком много запросов.
        [few] Zoom просит паузу в { $seconds } секунды: учётная запись делает слишком много запросов.
       *[many] Zoom просит паузу в { $seconds } секунд: учётная запись делает слишком много запросов.
    }
    .fix = В Zoom ничего менять не нужно; проверьте снова после паузы.

out-of-reach = Zoom недоступен: с ним нет связи, или его ответ нельзя понять.
    .fix = В приложении ничего менять не нужно; посмотрите https://status.zoom.us и проверьте снова через несколько минут.

## Checks: scopes

scopes-complete = У приложения есть все разрешения (scopes), которыми пользуется { -lectern }.

scopes-missing = У приложения нет разрешений (scopes), без которых { -lectern } не может работать: { $names }.
    .fix = { -app-page } > Scopes > Add Scopes > { $scopes }; { -after-scopes } { -delay }

scopes-partial = Конференции планировать можно. Не будет работать следующее: { $losses }.
    .fix = { -app-page } > Scopes > Add Scopes > { $scopes }; { -after-scopes } { -delay }

scopes-unknown = Zoom не называет разрешения (scopes) приложения. Те, что нужны для списка пользователей и для создания, изменения и удаления конференций, есть — это проверено; об остальных ничего не известно.
    .fix = { -app-page } > Scopes: проверьте, что есть разрешения для пользователей, конференций, вебинаров, записей и отчётов. { -delay }

loss-read-users = нельзя получить данные отдельного ведущего
loss-end-meetings = идущую конференцию нельзя завершить отсюда
loss-read-meetings = ведущие не получают ссылку для начала конференции
loss-list-meetings = конференция, которую Zoom создал и не ответил, или созданная прямо в Zoom, не находится
loss-user-settings = неизвестно, сколько человек вмещают конференции ведущего
loss-webinars = нельзя проводить вебинары
loss-recordings = записи не находятся
loss-reports = посещаемость неизвестна

## Checks: hosts

hosts =
    { $active ->
        [one] { $active } активный пользователь
        [few] { $active } активных пользователя
       *[many] { $active } активных пользователей
    }, с лицензией: { $licensed }{ $left-out ->
        [0] { "" }
        [one] ; ещё { $left-out } пропущен, так как его адрес электронной почты не читается
       *[other] ; ещё { $left-out } пропущено, так как их адреса электронной почты не читаются
    }

no-licensed-host = { hosts }. Конференции пользователей без лицензии заканчиваются через 40 минут
    .fix = { -users-page } > Edit (у пользователя, который ведёт конференции) > User Type: Licensed.

no-host = { hosts }. Проводить конференции некому
    .fix = { -users-page } > Add Users: добавьте или активируйте пользователя, который будет вести конференции.

host-licensed = { $email } — пользователь учётной записи с лицензией.
host-basic = { $email } — пользователь учётной записи с бесплатным тарифом: его конференции заканчиваются через 40 минут.
host-unlicensed = { $email } — пользователь учётной записи без лицензии.

host-offered = Ведущий не указан; первым предлагается { $email }.

nobody-to-offer = Нет активного пользователя, которого можно предложить ведущим.
    .fix = { -users-page } > Add Users: добавьте пользователя, который будет вести конференции.

unknown-email = В учётной записи Zoom нет активного пользователя с адресом { $email }.{ $offered ->
        [0] { "" }
       *[other] { " " }Похожие адреса: { $nearest }.
    }
    .fix = Отправьте адрес, с которым ведущий входит в Zoom, или добавьте { $email } в { -users-page } > Add Users, и пусть приглашение примут.

unknown-id = В учётной записи Zoom нет активного пользователя с идентификатором { $id }.{ $offered ->
        [0] { "" }
       *[other] { " " }Похожие адреса: { $nearest }.
    }
    .fix = Отправьте вместо него адрес электронной почты ведущего в поле `host_email`, как он указан в { -users-page }.

host-contradiction = `host_email` — это пользователь { $id }, а `default_host_id` указывает на другого.
    .fix = Отправьте что-то одно или идентификатор, соответствующий адресу; в Zoom ничего менять не нужно.

host-gone = { $email } больше не активный пользователь учётной записи Zoom.
    .fix = { -users-page }: снова активируйте { $email } или выберите здесь другого ведущего по умолчанию.

## Checks: webinars and capacity

webinars =
    { $participants ->
        [one] Вебинары до { $participants } участника
       *[other] Вебинары до { $participants } участников
    }

no-webinar-plan = В тарифе пользователя { $email } нет вебинаров: с этим ведущим их проводить нельзя.
    .fix = { -plans-page }: добавьте Zoom Webinars; затем { -users-page } > Edit ({ $email }) и выдайте пользователю лицензию Webinars.

webinar-scopes-missing = Вебинары в тарифе есть, но у приложения нет разрешений (scopes) для них.
    .fix = { -app-page } > Scopes > Add Scopes > { $scopes }; { -after-scopes } { -delay }

capacity =
    { $participants ->
        [one] { $participants } участник
        [few] { $participants } участника
       *[many] { $participants } участников
    }

webinars-unknown = Неизвестно, можно ли проводить вебинары: { $why }.
capacity-unknown = Неизвестно, сколько человек вмещает конференция: { $why }.

settings-unreadable = приложению нельзя читать настройки пользователей
    .fix = { -app-page } > Scopes > Add Scopes > { $scopes }; { -after-scopes } { -delay }
settings-refused = Zoom отказал ({ $words })
    .fix = Пользователю, создавшему приложение, нужна роль, которая позволяет видеть настройки пользователей: { -roles-page }. { -delay }
settings-unanswered = Zoom не ответил
    .fix = В приложении ничего менять не нужно; проверьте снова через несколько минут.

## Replies about connections

advice = { $detail } { $fix }

check-failed = Zoom не принимает приложение в нынешнем виде; ничего не сохранено. У каждой неудачной проверки в поле `fix` сказано, что и где изменить; затем отправьте запрос снова.
check-interrupted = Zoom сейчас недоступен, поэтому приложение не проверено и ничего не сохранено. Отправьте запрос снова через несколько секунд.
check-interrupted-with-code = Сейчас к Zoom невозможно обратиться, поэтому приложение не проверено и ничего не сохранено. Код авторизации мог быть использован: через несколько минут авторизуйте приложение снова и отправьте новый код.

redirect-uri-contradiction = — это { $sent }, а Zoom отправил код на { $needed }; отправьте этот адрес буква в букву

jwt-apps-ended = Zoom прекратил поддержку приложений JWT в 2023 году, поэтому API key и API secret больше не действуют. Создайте вместо него приложение Server-to-Server OAuth (Zoom App Marketplace > Develop > Build App > Server-to-Server OAuth App) и отправьте его Account ID, Client ID и Client Secret методом `server_to_server`

connection-inactive = Подключение { $name } ({ $id }) неактивно. Активируйте его или выберите другое.
connection-failed = Подключение { $name } ({ $id }) перестало работать. { $advice }
app-refused = Zoom больше не выдаёт токен приложению этого подключения. Проверьте подключение запросом POST /v1/connections/…/verify: проверка назовёт, что изменить в Zoom.

## Mails

failed-mail = Подключение Zoom { $name } перестало работать
    .lead = Проверка показала, что Zoom больше не работает с подключением { $name }.
    .fix = Что делать
    .consequence = До тех пор новые конференции с ним планировать нельзя; уже запланированные сохраняются. Как только Zoom снова заработает с ним, оно снова используется автоматически.
    .because = Вы получили это письмо, потому что подключили приложение.

deauthorized-mail = Приложение подключения Zoom { $name } удалено в Zoom
    .lead = Учётная запись Zoom подключения { $name } удалила приложение. Подключение больше не активно.
    .fix = Чтобы использовать его снова
    .consequence = Его секреты удалены, как и имена и адреса организаторов, списки присутствовавших и ссылки на записи. Запланированные конференции сохраняют своё время; сообщать Zoom об изменениях больше нельзя.
    .because = Вы получили это письмо, потому что подключили приложение.

overlap-mail = «{ $topic }» пересекается с другим событием в Zoom: { $moment }
    .lead = У организатора { $host } в это время больше событий, чем он может провести: что-то было создано или перенесено в самом Zoom.
    .fix = Что делать
    .advice = Перенесите одно из двух, здесь или в Zoom.
    .consequence = До тех пор оба остаются как есть.
    .because = Вы получили это письмо, потому что подключили приложение.

## Mails: dates and times

weekday =
    { $weekday ->
        [1] понедельник
        [2] вторник
        [3] среда
        [4] четверг
        [5] пятница
        [6] суббота
       *[7] воскресенье
    }
    .short =
    { $weekday ->
        [1] пн
        [2] вт
        [3] ср
        [4] чт
        [5] пт
        [6] сб
       *[7] вс
    }

month =
    { $month ->
        [1] января
        [2] февраля
        [3] марта
        [4] апреля
        [5] мая
        [6] июня
        [7] июля
        [8] августа
        [9] сентября
        [10] октября
        [11] ноября
       *[12] декабря
    }
    .short =
    { $month ->
        [1] янв.
        [2] февр.
        [3] мар.
        [4] апр.
        [5] мая
        [6] июн.
        [7] июл.
        [8] авг.
        [9] сент.
        [10] окт.
        [11] нояб.
       *[12] дек.
    }

day = { weekday }, { $day } { month } { $year } г.
moment = { weekday.short }, { $day } { month.short }, { $time }
hours = { $start }–{ $end }
    .overnight = { $start } – { $end }
day-and-hours = { $day }, { $hours }

days =
    { $days ->
        [one] { $days } день
        [few] { $days } дня
       *[other] { $days } дней
    }
whole-hours =
    { $hours ->
        [one] { $hours } час
        [few] { $hours } часа
       *[other] { $hours } часов
    }
minutes =
    { $minutes ->
        [one] { $minutes } минуту
        [few] { $minutes } минуты
       *[other] { $minutes } минут
    }

countdown-minutes = через { minutes }
countdown-hours = через { whole-hours }
countdown-hours-minutes = через { whole-hours } { minutes }
countdown-today = сегодня
countdown-tomorrow = завтра
countdown-days = через { days }

## Mails to those who attend

invitation-mail = Приглашение: { $topic }, { $moment }
    .heading =
    { $kind ->
        [webinar] Приглашение на вебинар
       *[meeting] Приглашение на конференцию
    }
    .lead = Вас приглашают на «{ $topic }».

update-mail = Изменение: { $topic }, { $moment }
    .heading =
    { $kind ->
        [webinar] Изменение: данные вебинара обновлены
       *[meeting] Изменение: данные конференции обновлены
    }
    .lead = «{ $topic }»: есть изменения. Ниже — актуальные данные.

cancellation-mail = Отмена: { $topic }, { $moment }
    .heading =
    { $kind ->
        [webinar] Отмена: вебинар не состоится
       *[meeting] Отмена: конференция не состоится
    }
    .lead =
    { $kind ->
        [webinar] Вебинар «{ $topic }» не состоится.
       *[meeting] Конференция «{ $topic }» не состоится.
    }

removal-mail = Приглашение отозвано: { $topic }, { $moment }
    .heading =
    { $kind ->
        [webinar] Вы больше не участник этого вебинара
       *[meeting] Вы больше не участник этой конференции
    }
    .lead =
    { $kind ->
        [webinar] Вас исключили из списка участников вебинара «{ $topic }».
       *[meeting] Вас исключили из списка участников конференции «{ $topic }».
    }

reminder-mail = Напоминание: { $topic }, { $moment }
    .heading = Начало { $countdown }
    .lead = «{ $topic }»: начало { $countdown }.

mail-preheader = { $heading }: { $moment }, { $zone }
mail-greeting = Здравствуйте, { $name }!
    .nameless = Здравствуйте!
mail-line = { $label }: { $value }
mail-when = Когда
    .next = Ближайшая дата
    .cancelled = Планировалось
mail-dates =
    { $count ->
        [one] Предстоит { $count } занятие
        [few] Предстоит { $count } занятия
       *[other] Предстоит { $count } занятий
    }
    .cancelled =
    { $count ->
        [one] Отменено { $count } занятие
        [few] Отменено { $count } занятия
       *[other] Отменено { $count } занятий
    }
    .more = и ещё { $count }
mail-host = Ведущий
mail-number =
    { $kind ->
        [webinar] Идентификатор вебинара
       *[meeting] Идентификатор конференции
    }
mail-passcode = Код доступа
mail-agenda = Программа
mail-join =
    { $kind ->
        [webinar] Войти в вебинар
       *[meeting] Войти в конференцию
    }
mail-start =
    { $kind ->
        [webinar] Начать вебинар
       *[meeting] Начать конференцию
    }
    .note = Zoom попросит войти в учётную запись ведущего.
mail-fallback = Если кнопка не работает, откройте эту ссылку:
mail-forward = Ссылка для участников, её можно переслать:
mail-because =
    { $kind ->
        [webinar] Вы получили это письмо, потому что вы в списке участников вебинара.
       *[meeting] Вы получили это письмо, потому что вы в списке участников конференции.
    }
    .host =
    { $kind ->
        [webinar] Вы получили это письмо, потому что вы ведёте этот вебинар.
       *[meeting] Вы получили это письмо, потому что вы ведёте эту конференцию.
    }
    .removed =
    { $kind ->
        [webinar] Вы получили это письмо, потому что были в списке участников вебинара.
       *[meeting] Вы получили это письмо, потому что были в списке участников конференции.
    }
mail-unsubscribe = Отписаться от этих писем

## The page on which one has no more mails

mails-page = Письма о конференциях
    .question = Больше не получать приглашения, напоминания и другие письма о конференциях и вебинарах вашей учебной платформы?
    .stop = Больше не присылать писем
    .stopped = Вы больше не будете получать письма о конференциях и вебинарах. Участвовать в них по-прежнему можно.
    .resume = Снова получать письма
    .on = Вы будете получать письма о конференциях и вебинарах.
    .unknown = Эта ссылка недействительна. Откройте её ещё раз из письма или скопируйте целиком.
