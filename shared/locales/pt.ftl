# What Lectern says to people, in Portuguese; see en.ftl.

-lectern = Lectern
-app-page = Zoom App Marketplace > Develop > Build App (ou Manage) > seu aplicativo
-users-page = portal web do Zoom > Admin > User Management > Users
-roles-page = portal web do Zoom > Admin > User Management > Roles
-plans-page = portal web do Zoom > Admin > Plans and Billing > Plan Management
-delay = O Zoom pode levar alguns minutos para aplicar uma alteração; depois, verifique de novo.
-new-code = Abra novamente a página de autorização do aplicativo, permita o acesso e envie o novo código, ou o endereço inteiro para o qual o navegador foi levado, em até 5 minutos.
-general-app = Uma General App não tem Activation: confira em Zoom App Marketplace > Manage > Added Apps se ela foi adicionada à conta.
-after-scopes = depois Done e Activation > Activate your app. Um General App não tem Activation: em vez disso, abra novamente a página de autorização dele e envie o novo código.

list-separator = { "; " }

## Calendars: what an event says besides the agenda

calendar-join-meeting = Entrar na reunião
calendar-join-webinar = Entrar no webinar
calendar-link = { $label }: { $link }
calendar-passcode = Senha de acesso: { $passcode }

## Checks: the app's credentials

not-reached = Não verificado: veja as verificações anteriores.

accepted = O Zoom aceita o aplicativo para a conta { $account }.
accepted-somewhere = O Zoom aceita o aplicativo.

code-used = O Zoom aceita o aplicativo para a conta { $account }. A verificação consumiu o código de autorização, que só vale uma vez: para conectar é preciso um novo.
code-used-somewhere = O Zoom aceita o aplicativo. A verificação consumiu o código de autorização, que só vale uma vez: para conectar é preciso um novo.

wrong-client = Client ID ou Client Secret incorreto: o Zoom não reconhece os dois juntos.
    .fix = { -app-page } > App Credentials: copie novamente o Client ID e o Client Secret, inteiros e do mesmo aplicativo. Se o segredo foi gerado de novo ali, o antigo não funciona mais.

wrong-account = Account ID incorreto: o Zoom reconhece o Client ID e o Client Secret, mas nenhuma conta { $account } que tenha o aplicativo.
    .fix = { -app-page } > App Credentials: copie novamente o Account ID. Ele não é o número da conta nem um e-mail, e é o da conta em que o aplicativo foi criado.

not-activated = O aplicativo não está ativado, ou a conta do Zoom não permite aplicativos desse tipo.
    .fix = { -app-page } > Activation > Activate your app. Se não for possível, peça ao proprietário da conta do Zoom que permita aplicativos deste tipo para a função do usuário que criou o aplicativo: { -roles-page }. { -general-app } { -delay }

disabled = O aplicativo foi desativado.
    .fix = { -app-page } > Activation > Activate your app. Se não puder ser ativado, peça ao proprietário da conta do Zoom que o permita em Zoom App Marketplace > Manage > Apps on Account. { -general-app } { -delay }

deauthorized = A conta do Zoom removeu o aplicativo. Os segredos dele e o que se sabia dos usuários da conta foram apagados.
    .fix = Adicione o aplicativo novamente à conta do Zoom e envie de novo as credenciais (PATCH da conexão: `auth` e `active`: true), e o Secret Token, se webhooks forem usados.

not-server-to-server = Tipo de aplicativo incorreto: este não é um aplicativo Server-to-Server OAuth, por isso o Zoom não lhe dá um token para o Account ID.
    .fix = Crie um aplicativo em Zoom App Marketplace > Develop > Build App > Server-to-Server OAuth App e envie o Account ID, o Client ID e o Client Secret dele; ou conecte o General App com o método `authorization_code`.

not-general = Tipo de aplicativo incorreto: este não é um General App, por isso o Zoom não aceita um código de autorização para ele.
    .fix = Conecte um aplicativo Server-to-Server OAuth com o método `server_to_server` e o Account ID dele ({ -app-page } > App Credentials); ou crie um aplicativo em Zoom App Marketplace > Develop > Build App > General App > Admin-managed.

user-managed = Tipo de aplicativo incorreto: o General App é gerenciado pelo usuário e só alcança esse usuário, pois nenhum dos seus scopes termina em `:admin`.
    .fix = { -app-page } > Basic Information: escolha Admin-managed. Depois Scopes > Add Scopes: adicione os scopes que terminam em `:admin`. { -new-code }

code-refused = O código de autorização está incorreto ou expirou: ele dura 5 minutos e só vale uma vez.
    .fix = { -new-code } Nada precisa ser alterado nas configurações do aplicativo.

redirect-uri-differs = A redirect URI não é a do aplicativo: foi enviada { $uri }.
    .fix = { -app-page } > OAuth Information (ou Basic Information) > OAuth Redirect URL: deve ser idêntica a { $uri }, letra por letra, inclusive a barra no final. { -new-code }

account-mismatch = O aplicativo pertence à conta do Zoom { $found }, e a conexão, à conta { $expected }: as reuniões dela ficariam fora de alcance.
    .fix = Envie as credenciais de um aplicativo da conta do Zoom { $expected }. Para a outra conta, crie uma conexão própria.

refresh-interrupted = Conecte novamente: a renovação do token da conexão foi interrompida. O Zoom tinha dado um novo token, que se perdeu antes de ser guardado, e o antigo não funciona mais.
    .fix = { -new-code } Nada precisa ser alterado nas configurações do aplicativo.

refresh-refused = Conecte novamente: o Zoom não aceita mais o token da conexão. O aplicativo foi removido da conta ou autorizado em outro lugar, ou o token expirou.
    .fix = Confira em Zoom App Marketplace > Manage > Added Apps se o aplicativo ainda está lá. { -new-code }

token-refused = O Zoom não dá um token ao aplicativo. O motivo informado: { $reason }
    .fix = { -app-page }: compare Account ID, Client ID e Client Secret em App Credentials e confira em Activation se o aplicativo está ativado. { -general-app }

token-refused-in-silence = O Zoom não dá um token ao aplicativo e não informa o motivo.
    .fix = { -app-page }: compare Account ID, Client ID e Client Secret em App Credentials e confira em Activation se o aplicativo está ativado. { -general-app }

## Checks: whatever Zoom is asked

token-dead = O Zoom deu um token ao aplicativo e não o aceita: o aplicativo foi desativado há instantes.
    .fix = { -app-page } > Activation > Activate your app. { -general-app } { -delay }

refused = O Zoom recusou: { $words }
    .fix = O usuário que criou o aplicativo precisa de uma função que possa ver usuários e editar reuniões: { -roles-page }. Depois { -app-page } > Activation. { -delay }

rate-limited =
    { $seconds ->
        [one] O Zoom pede uma pausa de { $seconds } segundo: a conta faz chamadas demais.
       *[other] O Zoom pede uma pausa de { $seconds } segundos: a conta faz chamadas demais.
    }
    .fix = Nada precisa ser alterado no Zoom; verifique de novo depois da pausa.

out-of-reach = Zoom fora de alcance: não é possível conectar-se a ele, ou a resposta não pode ser entendida.
    .fix = Nada precisa ser alterado no aplicativo; veja https://status.zoom.us e verifique de novo em alguns minutos.

## Checks: scopes

scopes-complete = O aplicativo tem todos os scopes que o { -lectern } usa.

scopes-missing = Faltam ao aplicativo scopes sem os quais o { -lectern } não funciona: { $names }.
    .fix = { -app-page } > Scopes > Add Scopes > { $scopes }; { -after-scopes } { -delay }

scopes-partial = Reuniões podem ser agendadas. O que não vai funcionar: { $losses }.
    .fix = { -app-page } > Scopes > Add Scopes > { $scopes }; { -after-scopes } { -delay }

scopes-unknown = O Zoom não informa os scopes do aplicativo. Os necessários para listar usuários e para criar, alterar e excluir reuniões existem, conforme o teste; o resto não se sabe.
    .fix = { -app-page } > Scopes: confira se há os de usuários, reuniões, webinars, gravações e relatórios. { -delay }

loss-read-users = um host não pode ser consultado individualmente
loss-end-meetings = reuniões em andamento não podem ser encerradas daqui
loss-read-meetings = os hosts não recebem o link para iniciar a reunião
loss-list-meetings = uma reunião que o Zoom criou sem responder, ou criada diretamente no Zoom, não é encontrada
loss-user-settings = não se sabe quantas pessoas cabem nas reuniões de um host
loss-webinars = webinars não podem ser realizados
loss-recordings = gravações não são encontradas
loss-reports = a presença não é conhecida

## Checks: hosts

hosts =
    { $active ->
        [one] { $active } usuário ativo
       *[other] { $active } usuários ativos
    }, { $licensed } com licença{ $left-out ->
        [0] { "" }
        [one] ; mais { $left-out } ficou de fora, cujo e-mail não pode ser lido
       *[other] ; mais { $left-out } ficaram de fora, cujos e-mails não podem ser lidos
    }

no-licensed-host = { hosts }: reuniões de usuários sem licença terminam após 40 minutos
    .fix = { -users-page } > Edit (do usuário que é host) > User Type: Licensed.

no-host = { hosts }: ninguém pode ser host de uma reunião
    .fix = { -users-page } > Add Users: adicione ou ative um usuário para ser host das reuniões.

host-licensed = { $email } é um usuário com licença da conta.
host-basic = { $email } é um usuário básico da conta, cujas reuniões terminam após 40 minutos.
host-unlicensed = { $email } é um usuário da conta sem licença.

host-offered = Nenhum host foi indicado; { $email } é oferecido primeiro.

nobody-to-offer = Não há usuário ativo para oferecer como host.
    .fix = { -users-page } > Add Users: adicione um usuário para ser host das reuniões.

unknown-email = Nenhum usuário ativo da conta do Zoom tem o e-mail { $email }.{ $offered ->
        [0] { "" }
       *[other] { " " }Os mais parecidos: { $nearest }.
    }
    .fix = Envie o e-mail com que o host entra no Zoom, ou adicione { $email } em { -users-page } > Add Users e peça que o convite seja aceito.

unknown-id = Nenhum usuário ativo da conta do Zoom tem o ID { $id }.{ $offered ->
        [0] { "" }
       *[other] { " " }Os mais parecidos: { $nearest }.
    }
    .fix = Em vez disso, envie o e-mail do host como `host_email`, tal como aparece em { -users-page }.

host-contradiction = `host_email` é o usuário { $id }, e `default_host_id` é outro.
    .fix = Envie só um dos dois, ou o ID que corresponde ao e-mail; nada precisa ser alterado no Zoom.

host-gone = { $email } não é mais um usuário ativo da conta do Zoom.
    .fix = { -users-page }: ative { $email } novamente, ou escolha aqui outro host padrão.

## Checks: webinars and capacity

webinars =
    { $participants ->
        [one] Webinars de até { $participants } participante
       *[other] Webinars de até { $participants } participantes
    }

no-webinar-plan = O plano de { $email } não inclui webinars: eles não podem ser realizados com este host.
    .fix = { -plans-page }: adicione Zoom Webinars; depois { -users-page } > Edit ({ $email }) e dê ao usuário a licença Webinars.

webinar-scopes-missing = O plano inclui webinars, mas faltam ao aplicativo os scopes para eles.
    .fix = { -app-page } > Scopes > Add Scopes > { $scopes }; { -after-scopes } { -delay }

capacity =
    { $participants ->
        [one] { $participants } participante
       *[other] { $participants } participantes
    }

webinars-unknown = Não se sabe se webinars podem ser realizados: { $why }.
capacity-unknown = Não se sabe quantas pessoas cabem em uma reunião: { $why }.

settings-unreadable = o aplicativo não pode ler as configurações dos usuários
    .fix = { -app-page } > Scopes > Add Scopes > { $scopes }; { -after-scopes } { -delay }
settings-refused = o Zoom recusou ({ $words })
    .fix = O usuário que criou o aplicativo precisa de uma função que possa ver as configurações dos usuários: { -roles-page }. { -delay }
settings-unanswered = o Zoom não respondeu
    .fix = Nada precisa ser alterado no aplicativo; verifique de novo em alguns minutos.

## Replies about connections

advice = { $detail } { $fix }

check-failed = O Zoom não aceita o aplicativo como está; nada foi salvo. Cada verificação que falhou diz em `fix` o que alterar e onde; depois, envie a requisição de novo.
check-interrupted = O Zoom não pode ser consultado neste momento, por isso o aplicativo não foi verificado e nada foi salvo. Envie a requisição de novo em alguns segundos.
check-interrupted-with-code = Não é possível consultar o Zoom neste momento, por isso o aplicativo não foi verificado e nada foi salvo. O código de autorização pode ter sido usado: daqui a alguns minutos, autorize o aplicativo de novo e envie o novo código.

redirect-uri-contradiction = é { $sent }, mas o Zoom enviou o código para { $needed }; envie esse endereço, letra por letra

jwt-apps-ended = O Zoom encerrou os aplicativos JWT em 2023, por isso uma API key e um API secret não funcionam mais. Crie em vez disso um aplicativo Server-to-Server OAuth (Zoom App Marketplace > Develop > Build App > Server-to-Server OAuth App) e envie o Account ID, o Client ID e o Client Secret dele com o método `server_to_server`

connection-inactive = A conexão { $name } ({ $id }) está inativa. Ative-a ou escolha outra.
connection-failed = A conexão { $name } ({ $id }) deixou de funcionar. { $advice }
app-refused = O Zoom não dá mais um token ao aplicativo desta conexão. Verifique a conexão com POST /v1/connections/…/verify: a verificação diz o que alterar no Zoom.

## Mails

failed-mail = A conexão Zoom { $name } deixou de funcionar
    .lead = Uma verificação constatou que o Zoom não funciona mais com a conexão { $name }.
    .fix = O que fazer
    .consequence = Até lá não é possível agendar novas reuniões com ela; as já agendadas permanecem. Assim que o Zoom voltar a funcionar com ela, ela volta a ser usada automaticamente.
    .because = Você recebe este e-mail porque conectou o aplicativo.

deauthorized-mail = O aplicativo da conexão Zoom { $name } foi removido no Zoom
    .lead = A conta do Zoom da conexão { $name } removeu o aplicativo. A conexão não está mais ativa.
    .fix = Para voltar a usá-la
    .consequence = Os segredos foram apagados, assim como os nomes e endereços dos anfitriões, as listas de presença e os links das gravações. As reuniões agendadas mantêm o horário; não é mais possível informar alterações ao Zoom.
    .because = Você recebe este e-mail porque conectou o aplicativo.

overlap-mail = “{ $topic }” coincide com outro compromisso no Zoom: { $moment }
    .lead = O anfitrião { $host } tem mais compromissos nesse horário do que pode atender: algo foi criado ou movido no próprio Zoom.
    .fix = O que fazer
    .advice = Mova um dos dois, aqui ou no Zoom.
    .consequence = Até lá, ambos ficam como estão.
    .because = Você recebe este e-mail porque conectou o aplicativo.

## Mails: dates and times

weekday =
    { $weekday ->
        [1] segunda-feira
        [2] terça-feira
        [3] quarta-feira
        [4] quinta-feira
        [5] sexta-feira
        [6] sábado
       *[7] domingo
    }
    .short =
    { $weekday ->
        [1] seg.
        [2] ter.
        [3] qua.
        [4] qui.
        [5] sex.
        [6] sáb.
       *[7] dom.
    }

month =
    { $month ->
        [1] janeiro
        [2] fevereiro
        [3] março
        [4] abril
        [5] maio
        [6] junho
        [7] julho
        [8] agosto
        [9] setembro
        [10] outubro
        [11] novembro
       *[12] dezembro
    }
    .short =
    { $month ->
        [1] jan.
        [2] fev.
        [3] mar.
        [4] abr.
        [5] mai.
        [6] jun.
        [7] jul.
        [8] ago.
        [9] set.
        [10] out.
        [11] nov.
       *[12] dez.
    }

day = { weekday }, { $day ->
        [1] 1º
       *[other] { $day }
    } de { month } de { $year }
moment = { weekday.short }, { $day ->
        [1] 1º
       *[other] { $day }
    } de { month.short }, { $time }
hours = { $start }–{ $end }
    .overnight = { $start } – { $end }
day-and-hours = { $day }, { $hours }

days =
    { $days ->
        [one] { $days } dia
       *[other] { $days } dias
    }
whole-hours =
    { $hours ->
        [one] { $hours } hora
       *[other] { $hours } horas
    }
minutes =
    { $minutes ->
        [one] { $minutes } minuto
       *[other] { $minutes } minutos
    }

countdown-minutes = em { minutes }
countdown-hours = em { whole-hours }
countdown-hours-minutes = em { whole-hours } e { minutes }
countdown-today = hoje
countdown-tomorrow = amanhã
countdown-days = em { days }

## Mails to those who attend

invitation-mail = Convite: { $topic }, { $moment }
    .heading =
    { $kind ->
        [webinar] Convite para um webinar
       *[meeting] Convite para uma reunião
    }
    .lead = Você foi convidado(a) para “{ $topic }”.

update-mail = Alteração: { $topic }, { $moment }
    .heading =
    { $kind ->
        [webinar] Alteração: este webinar mudou
       *[meeting] Alteração: esta reunião mudou
    }
    .lead = “{ $topic }” mudou. Estes são os dados atuais.

cancellation-mail = Cancelamento: { $topic }, { $moment }
    .heading =
    { $kind ->
        [webinar] Cancelamento: este webinar não será realizado
       *[meeting] Cancelamento: esta reunião não será realizada
    }
    .lead =
    { $kind ->
        [webinar] O webinar “{ $topic }” não será realizado.
       *[meeting] A reunião “{ $topic }” não será realizada.
    }

removal-mail = Convite retirado: { $topic }, { $moment }
    .heading =
    { $kind ->
        [webinar] Você não participa mais deste webinar
       *[meeting] Você não participa mais desta reunião
    }
    .lead =
    { $kind ->
        [webinar] Seu nome foi retirado da lista de participantes do webinar “{ $topic }”.
       *[meeting] Seu nome foi retirado da lista de participantes da reunião “{ $topic }”.
    }

reminder-mail = Lembrete: { $topic }, { $moment }
    .heading = Começa { $countdown }
    .lead = “{ $topic }” começa { $countdown }.

mail-preheader = { $heading }: { $moment }, { $zone }
mail-greeting = Olá, { $name }!
    .nameless = Olá!
mail-line = { $label }: { $value }
mail-when = Quando
    .next = Próxima data
    .cancelled = Estava previsto para
mail-dates =
    { $count ->
        [one] { $count } próxima data
       *[other] { $count } próximas datas
    }
    .cancelled =
    { $count ->
        [one] { $count } data cancelada
       *[other] { $count } datas canceladas
    }
    .more = e mais { $count }
mail-host = Anfitrião
mail-number =
    { $kind ->
        [webinar] ID do webinar
       *[meeting] ID da reunião
    }
mail-passcode = Senha de acesso
mail-agenda = Pauta
mail-join =
    { $kind ->
        [webinar] Entrar no webinar
       *[meeting] Entrar na reunião
    }
mail-start =
    { $kind ->
        [webinar] Iniciar o webinar
       *[meeting] Iniciar a reunião
    }
    .note = O Zoom vai pedir que você entre com a conta de anfitrião.
mail-fallback = Se o botão não funcionar, abra este link:
mail-forward = Link para os participantes, que pode ser encaminhado:
mail-because =
    { $kind ->
        [webinar] Você recebe este e-mail porque está entre os participantes deste webinar.
       *[meeting] Você recebe este e-mail porque está entre os participantes desta reunião.
    }
    .host =
    { $kind ->
        [webinar] Você recebe este e-mail porque é o anfitrião deste webinar.
       *[meeting] Você recebe este e-mail porque é o anfitrião desta reunião.
    }
    .removed =
    { $kind ->
        [webinar] Você recebe este e-mail porque estava entre os participantes deste webinar.
       *[meeting] Você recebe este e-mail porque estava entre os participantes desta reunião.
    }
mail-unsubscribe = Cancelar o recebimento destes e-mails

## The page on which one has no more mails

mails-page = E-mails sobre reuniões
    .question = Não receber mais convites, lembretes e outros e-mails sobre as reuniões e os webinars da sua plataforma de ensino?
    .stop = Não receber mais e-mails
    .stopped = Você não receberá mais e-mails sobre reuniões e webinars. Ainda pode participar deles.
    .resume = Voltar a receber e-mails
    .on = Você receberá e-mails sobre reuniões e webinars.
    .unknown = Este link não é válido. Abra-o novamente a partir do e-mail ou copie-o por inteiro.
