# What Lectern says to people, in Japanese; see en.ftl.

-lectern = Lectern
-app-page = Zoom App Marketplace > Develop > Build App(または Manage) > 対象のアプリ
-users-page = Zoom Web ポータル > Admin > User Management > Users
-roles-page = Zoom Web ポータル > Admin > User Management > Roles
-plans-page = Zoom Web ポータル > Admin > Plans and Billing > Plan Management
-delay = Zoomへの変更の反映には数分かかることがあります。その後、もう一度確認してください。
-new-code = アプリの認可ページをもう一度開いてアプリを許可し、新しいコード、またはブラウザーの移動先のアドレス全体を5分以内に送信してください。
-general-app = General App には Activation がありません。Zoom App Marketplace > Manage > Added Apps で、アカウントに追加されていることを確認してください。
-after-scopes = その後 Done をクリックし、Activation > Activate your app をクリックします。General App には Activation がないため、代わりに認可ページをもう一度開いて新しいコードを送信してください。

list-separator = 、

## Calendars: what an event says besides the agenda

calendar-join-meeting = ミーティングに参加
calendar-join-webinar = ウェビナーに参加
calendar-link = { $label }：{ $link }
calendar-passcode = パスコード：{ $passcode }

## Checks: the app's credentials

not-reached = 未確認です。前の項目をご確認ください。

accepted = Zoomはアカウント { $account } でこのアプリを承認しました。
accepted-somewhere = Zoomはこのアプリを承認しました。

code-used = Zoomはアカウント { $account } でこのアプリを承認しました。認可コードは一度しか使えず、この確認で使用済みになりました。連携するには新しいコードが必要です。
code-used-somewhere = Zoomはこのアプリを承認しました。認可コードは一度しか使えず、この確認で使用済みになりました。連携するには新しいコードが必要です。

wrong-client = Client ID または Client secret が正しくありません。Zoomにはこの組み合わせが登録されていません。
    .fix = { -app-page } > App Credentials で、同じアプリの Client ID と Client secret の文字列全体をもう一度コピーしてください。secret を再生成した場合、古いものは使えません。

wrong-account = Account ID が正しくありません。Client ID と Client secret は登録されていますが、このアプリを持つアカウント { $account } がありません。
    .fix = { -app-page } > App Credentials で Account ID をもう一度コピーしてください。アカウント番号やメールアドレスではなく、アプリを作成したアカウントの ID です。

not-activated = アプリが有効化されていないか、Zoomアカウントでこの種類のアプリが許可されていません。
    .fix = { -app-page } > Activation > Activate your app をクリックしてください。できない場合は、アプリを作成したユーザーのロールに この種類のアプリを許可するよう、Zoomアカウントのオーナーに依頼してください({ -roles-page })。{ -general-app }{ -delay }

disabled = アプリが無効になっています。
    .fix = { -app-page } > Activation > Activate your app をクリックしてください。有効化できない場合は、Zoom App Marketplace > Manage > Apps on Account で許可するよう、Zoomアカウントのオーナーに依頼してください。{ -general-app }{ -delay }

deauthorized = Zoomアカウントがアプリを削除しました。シークレットと、アカウントのユーザーについて保存されていた情報は削除されています。
    .fix = アプリをZoomアカウントに追加し直してから、認証情報（接続のPATCH：`auth` と `active`: true）を再度送信してください。webhookを使う場合はSecret Tokenも送信してください。

not-server-to-server = アプリの種類が違います。Server-to-Server OAuth アプリではないため、Zoomは Account ID に対するトークンを発行しません。
    .fix = Zoom App Marketplace > Develop > Build App > Server-to-Server OAuth App でアプリを作成し、その Account ID、Client ID、Client secret を送信してください。または、General App を `authorization_code` の方式で連携してください。

not-general = アプリの種類が違います。General App ではないため、Zoomは認可コードを受け付けません。
    .fix = Server-to-Server OAuth アプリを Account ID({ -app-page } > App Credentials)とともに `server_to_server` の方式で連携してください。または、Zoom App Marketplace > Develop > Build App > General App > Admin-managed でアプリを作成してください。

user-managed = アプリの種類が違います。この General App はユーザー管理で、スコープに `:admin` で終わるものがないため、そのユーザー本人にしかアクセスできません。
    .fix = { -app-page } > Basic Information で Admin-managed を選択してください。次に Scopes > Add Scopes で `:admin` で終わるスコープを追加してください。{ -new-code }

code-refused = 認可コードが正しくないか、有効期限が切れています。コードの有効期間は5分間で、一度しか使えません。
    .fix = { -new-code }アプリの設定を変更する必要はありません。

redirect-uri-differs = リダイレクト URI がアプリの設定と異なります。送信された値は { $uri } です。
    .fix = { -app-page } > OAuth Information(または Basic Information) > OAuth Redirect URL を、末尾のスラッシュも含めて { $uri } と一字一句同じにしてください。{ -new-code }

account-mismatch = アプリはZoomアカウント { $found } のものですが、この連携は { $expected } のものです。変更すると既存のミーティングにアクセスできなくなります。
    .fix = Zoomアカウント { $expected } のアプリの認証情報を送信してください。別のアカウントには、別の連携を作成してください。

refresh-interrupted = もう一度連携してください。トークンの更新が中断されました。Zoomが発行した新しいトークンが保存前に失われ、古いトークンは使えなくなりました。
    .fix = { -new-code }アプリの設定を変更する必要はありません。

refresh-refused = もう一度連携してください。Zoomがこの連携のトークンを受け付けなくなりました。アプリがアカウントから削除されたか、別の場所で認可されたか、トークンの有効期限が切れています。
    .fix = Zoom App Marketplace > Manage > Added Apps にアプリが残っていることを確認してください。{ -new-code }

token-refused = Zoomがアプリにトークンを発行しません。Zoomの示した理由: { $reason }
    .fix = { -app-page } を開き、App Credentials の Account ID、Client ID、Client secret を照合し、Activation でアプリが有効化されていることを確認してください。{ -general-app }

token-refused-in-silence = Zoomがアプリにトークンを発行せず、理由も示していません。
    .fix = { -app-page } を開き、App Credentials の Account ID、Client ID、Client secret を照合し、Activation でアプリが有効化されていることを確認してください。{ -general-app }

## Checks: whatever Zoom is asked

token-dead = Zoomはトークンを発行しましたが、それを受け付けません。アプリが直前に無効化されています。
    .fix = { -app-page } > Activation > Activate your app をクリックしてください。{ -general-app }{ -delay }

refused = Zoomが拒否しました: { $words }
    .fix = アプリを作成したユーザーには、ユーザーの表示とミーティングの編集ができるロールが必要です({ -roles-page })。その後 { -app-page } > Activation をご確認ください。{ -delay }

rate-limited = Zoomが{ $seconds }秒の間隔を空けるよう求めています。このアカウントからの呼び出しが多すぎます。
    .fix = Zoomの設定を変更する必要はありません。時間をおいて、もう一度確認してください。

out-of-reach = Zoomに接続できないか、応答を解釈できません。
    .fix = アプリを変更する必要はありません。https://status.zoom.us をご確認のうえ、数分後にもう一度確認してください。

## Checks: scopes

scopes-complete = { -lectern }が使用するスコープはすべて付与されています。

scopes-missing = { -lectern }に必須のスコープが不足しています: { $names }
    .fix = { -app-page } > Scopes > Add Scopes > { $scopes } を追加してください。{ -after-scopes }{ -delay }

scopes-partial = ミーティングは予約できます。利用できない機能: { $losses }。
    .fix = { -app-page } > Scopes > Add Scopes > { $scopes } を追加してください。{ -after-scopes }{ -delay }

scopes-unknown = Zoomがアプリのスコープを示していません。ユーザーの一覧表示と、ミーティングの作成・変更・削除に必要なものは、試行の結果付与されています。その他は不明です。
    .fix = { -app-page } > Scopes で、ユーザー、ミーティング、ウェビナー、レコーディング、レポートのスコープがあることを確認してください。{ -delay }

loss-read-users = ホストを個別に照会できません
loss-end-meetings = 進行中のミーティングをここから終了できません
loss-read-meetings = ホストがミーティングを開始するためのリンクを取得できません
loss-list-meetings = Zoomが応答せずに作成したミーティングや、Zoomで直接作成したミーティングを検出できません
loss-user-settings = ホストのミーティングの定員が分かりません
loss-webinars = ウェビナーを開催できません
loss-recordings = レコーディングを検出できません
loss-reports = 出席状況が分かりません

## Checks: hosts

hosts = 有効なユーザー{ $active }人、うちライセンスあり{ $licensed }人{ $left-out ->
        [0] { "" }
       *[other] (ほか{ $left-out }人はメールアドレスを読み取れないため除外)
    }

no-licensed-host = { hosts }。ライセンスのないユーザーのミーティングは40分で終了します
    .fix = { -users-page } > Edit(ホストとなるユーザー) > User Type: Licensed に変更してください。

no-host = { hosts }。ミーティングのホストになれるユーザーがいません
    .fix = { -users-page } > Add Users でホストとなるユーザーを追加するか、既存のユーザーを有効化してください。

host-licensed = { $email } はアカウントのライセンスユーザーです。
host-basic = { $email } はアカウントの基本ユーザーで、ミーティングは40分で終了します。
host-unlicensed = { $email } はアカウントのライセンスのないユーザーです。

host-offered = ホストが指定されていません。{ $email } を最初の候補とします。

nobody-to-offer = ホストの候補となる有効なユーザーがいません。
    .fix = { -users-page } > Add Users でホストとなるユーザーを追加してください。

unknown-email = Zoomアカウントに、メールアドレスが { $email } の有効なユーザーはいません。{ $offered ->
        [0] { "" }
       *[other] 近い候補: { $nearest }
    }
    .fix = ホストがZoomへのサインインに使うアドレスを送信するか、{ -users-page } > Add Users で { $email } を追加し、招待を承認してもらってください。

unknown-id = Zoomアカウントに、ID が { $id } の有効なユーザーはいません。{ $offered ->
        [0] { "" }
       *[other] 近い候補: { $nearest }
    }
    .fix = 代わりに、{ -users-page } に表示されるホストのメールアドレスを `host_email` として送信してください。

host-contradiction = `host_email` はユーザー { $id } ですが、`default_host_id` は別のユーザーです。
    .fix = どちらか一方、またはアドレスに対応する ID を送信してください。Zoomの設定を変更する必要はありません。

host-gone = { $email } はZoomアカウントの有効なユーザーではなくなりました。
    .fix = { -users-page } で { $email } をもう一度有効化するか、ここで別のデフォルトホストを選択してください。

## Checks: webinars and capacity

webinars = ウェビナーは最大{ $participants }人

no-webinar-plan = { $email } のプランにはウェビナーが含まれていないため、このホストでは開催できません。
    .fix = { -plans-page } で Zoom Webinars を追加し、{ -users-page } > Edit({ $email })でユーザーに Webinars のライセンスを割り当ててください。

webinar-scopes-missing = プランにウェビナーは含まれていますが、アプリに必要なスコープがありません。
    .fix = { -app-page } > Scopes > Add Scopes > { $scopes } を追加してください。{ -after-scopes }{ -delay }

capacity = 参加者{ $participants }人

webinars-unknown = ウェビナーを開催できるかどうか分かりません({ $why })。
capacity-unknown = ミーティングの定員が分かりません({ $why })。

settings-unreadable = アプリにユーザー設定の読み取りが許可されていません
    .fix = { -app-page } > Scopes > Add Scopes > { $scopes } を追加してください。{ -after-scopes }{ -delay }
settings-refused = Zoomが拒否しました: { $words }
    .fix = アプリを作成したユーザーには、ユーザー設定を表示できるロールが必要です({ -roles-page })。{ -delay }
settings-unanswered = Zoomが応答しませんでした
    .fix = アプリを変更する必要はありません。数分後にもう一度確認してください。

## Replies about connections

advice = { $detail }{ $fix }

check-failed = Zoomはこのアプリを現在の状態では承認しません。何も保存されていません。失敗した各項目の `fix` に、変更する箇所と内容が示されています。変更後、もう一度送信してください。
check-interrupted = 現在Zoomに問い合わせできないため、アプリは確認されず、何も保存されていません。数秒後にもう一度送信してください。
check-interrupted-with-code = 現在Zoomに問い合わせることができないため、アプリは確認されず、何も保存されませんでした。認可コードは使用済みの可能性があります。数分後にアプリをもう一度認可し、新しいコードを送信してください。

redirect-uri-contradiction = は { $sent } ですが、Zoomはコードを { $needed } に送りました。そのアドレスを一字一句そのまま送信してください

jwt-apps-ended = ZoomのJWTアプリは2023年に廃止されたため、API key と API secret は使えません。代わりに Server-to-Server OAuth アプリ(Zoom App Marketplace > Develop > Build App > Server-to-Server OAuth App)を作成し、その Account ID、Client ID、Client secret を `server_to_server` の方式で送信してください

connection-inactive = 連携 { $name }({ $id })は無効です。有効にするか、別の連携を選択してください。
connection-failed = 連携 { $name }({ $id })は機能しなくなりました。{ $advice }
app-refused = Zoomがこの連携のアプリにトークンを発行しなくなりました。POST /v1/connections/…/verify で連携を確認してください。Zoomで変更すべき点が示されます。

## Mails

failed-mail = Zoom連携 { $name } が機能しなくなりました
    .lead = 確認の結果、Zoomが連携 { $name } で利用できなくなっていることが分かりました。
    .fix = 対処方法
    .consequence = それまでは、この接続で新しいミーティングを予約することはできません。予約済みのものはそのまま残ります。Zoomが再び動作すれば、接続は自動的に再び使われます。
    .because = このメールは、アプリを連携した方にお送りしています。

deauthorized-mail = Zoom連携 { $name } のアプリがZoomで削除されました
    .lead = 連携 { $name } のZoomアカウントがアプリを削除しました。この連携は無効になりました。
    .fix = 再び使うには
    .consequence = シークレットのほか、ホストの名前とメールアドレス、出席の記録、録画へのリンクも削除されています。予約済みのミーティングの時間はそのまま残りますが、変更をZoomに伝えることはできません。
    .because = このメールは、アプリを連携した方にお送りしています。

overlap-mail = 「{ $topic }」がZoomの別の予定と重なっています: { $moment }
    .lead = ホスト { $host } のその時間の予定が、同時に開催できる数を超えています。Zoom上で直接、予定が作成または変更されました。
    .fix = 対処方法
    .advice = どちらか一方の時間を、ここまたはZoomで変更してください。
    .consequence = それまでは、どちらもそのまま残ります。
    .because = このメールは、アプリを連携した方にお送りしています。

## Mails: dates and times

weekday =
    { $weekday ->
        [1] 月曜日
        [2] 火曜日
        [3] 水曜日
        [4] 木曜日
        [5] 金曜日
        [6] 土曜日
       *[7] 日曜日
    }
    .short =
    { $weekday ->
        [1] 月
        [2] 火
        [3] 水
        [4] 木
        [5] 金
        [6] 土
       *[7] 日
    }

month = { $month }月
    .short = { $month }月

day = { $year }年{ month }{ $day }日({ weekday.short })
moment = { month.short }{ $day }日({ weekday.short }) { $time }
hours = { $start }〜{ $end }
    .overnight = { $start }〜{ $end }
day-and-hours = { $day } { $hours }

days = { $days }日
whole-hours = { $hours }時間
minutes = { $minutes }分

countdown-minutes = { minutes }後に
countdown-hours = { whole-hours }後に
countdown-hours-minutes = { whole-hours }{ minutes }後に
countdown-today = 本日
countdown-tomorrow = 明日
countdown-days = { days }後に

## Mails to those who attend

invitation-mail = ご招待: { $topic }、{ $moment }
    .heading =
    { $kind ->
        [webinar] ウェビナーへのご招待
       *[meeting] ミーティングへのご招待
    }
    .lead = 「{ $topic }」にご招待します。

update-mail = 変更: { $topic }、{ $moment }
    .heading =
    { $kind ->
        [webinar] 変更: ウェビナーの内容が変わりました
       *[meeting] 変更: ミーティングの内容が変わりました
    }
    .lead = 「{ $topic }」の内容が変わりました。最新の内容は次のとおりです。

cancellation-mail = 中止: { $topic }、{ $moment }
    .heading =
    { $kind ->
        [webinar] 中止: このウェビナーは開催されません
       *[meeting] 中止: このミーティングは開催されません
    }
    .lead =
    { $kind ->
        [webinar] ウェビナー「{ $topic }」は開催されません。
       *[meeting] ミーティング「{ $topic }」は開催されません。
    }

removal-mail = 招待の取り消し: { $topic }、{ $moment }
    .heading =
    { $kind ->
        [webinar] このウェビナーの参加者ではなくなりました
       *[meeting] このミーティングの参加者ではなくなりました
    }
    .lead =
    { $kind ->
        [webinar] ウェビナー「{ $topic }」の参加者リストから外れました。
       *[meeting] ミーティング「{ $topic }」の参加者リストから外れました。
    }

reminder-mail = リマインダー: { $topic }、{ $moment }
    .heading = { $countdown }開始
    .lead = 「{ $topic }」は{ $countdown }開始します。

mail-preheader = { $heading }: { $moment }、{ $zone }
mail-greeting = { $name } 様
    .nameless = こんにちは。
mail-line = { $label }: { $value }
mail-when = 日時
    .next = 次回の日時
    .cancelled = 予定されていた日時
mail-dates = 今後の開催予定: { $count }回
    .cancelled = 中止になった予定: { $count }回
    .more = ほか{ $count }回
mail-host = ホスト
mail-number =
    { $kind ->
        [webinar] ウェビナーID
       *[meeting] ミーティングID
    }
mail-passcode = パスコード
mail-agenda = 内容
mail-join =
    { $kind ->
        [webinar] ウェビナーに参加
       *[meeting] ミーティングに参加
    }
mail-start =
    { $kind ->
        [webinar] ウェビナーを開始
       *[meeting] ミーティングを開始
    }
    .note = Zoomでホストとしてのサインインが求められます。
mail-fallback = ボタンが使えない場合のリンク:
mail-forward = 参加者用のリンク(転送できます):
mail-because =
    { $kind ->
        [webinar] このメールは、ウェビナーの参加者として登録されている方にお送りしています。
       *[meeting] このメールは、ミーティングの参加者として登録されている方にお送りしています。
    }
    .host =
    { $kind ->
        [webinar] このメールは、ウェビナーのホストの方にお送りしています。
       *[meeting] このメールは、ミーティングのホストの方にお送りしています。
    }
    .removed =
    { $kind ->
        [webinar] このメールは、ウェビナーの参加者として登録されていた方にお送りしています。
       *[meeting] このメールは、ミーティングの参加者として登録されていた方にお送りしています。
    }
mail-unsubscribe = 配信を停止する

## The page on which one has no more mails

mails-page = ミーティングに関するメール
    .question = 学習プラットフォームのミーティングやウェビナーに関する招待、リマインダーなどのメールの配信を停止しますか?
    .stop = 配信を停止する
    .stopped = ミーティングやウェビナーに関するメールは今後届きません。引き続き参加することはできます。
    .resume = 配信を再開する
    .on = ミーティングやウェビナーに関するメールが届きます。
    .unknown = このリンクは無効です。メールからもう一度開くか、リンク全体をコピーしてください。
