# What Lectern says to people, in French; see en.ftl.

-lectern = Lectern
-app-page = Zoom App Marketplace > Develop > Build App (ou Manage) > votre application
-users-page = portail web Zoom > Admin > User Management > Users
-roles-page = portail web Zoom > Admin > User Management > Roles
-plans-page = portail web Zoom > Admin > Plans and Billing > Plan Management
-delay = Zoom peut mettre quelques minutes à appliquer une modification ; vérifiez ensuite à nouveau.
-new-code = Ouvrez à nouveau la page d'autorisation de l'application, autorisez-la et envoyez le nouveau code, ou l'adresse entière vers laquelle le navigateur a été dirigé, dans les 5 minutes.
-general-app = Une General App n'a pas de page Activation : vérifiez sous Zoom App Marketplace > Manage > Added Apps qu'elle est ajoutée au compte.
-after-scopes = puis Done, et Activation > Activate your app. Une General App n'a pas d'onglet Activation : ouvrez plutôt à nouveau sa page d'autorisation et envoyez le nouveau code.

list-separator = { " ; " }

## Calendars: what an event says besides the agenda

calendar-join-meeting = Rejoindre la réunion
calendar-join-webinar = Rejoindre le webinaire
calendar-link = { $label } : { $link }
calendar-passcode = Code secret : { $passcode }

## Checks: the app's credentials

not-reached = Non vérifié : voir les vérifications précédentes.

accepted = Zoom accepte l'application pour le compte { $account }.
accepted-somewhere = Zoom accepte l'application.

code-used = Zoom accepte l'application pour le compte { $account }. La vérification a consommé le code d'autorisation, qui ne sert qu'une fois : il en faut un nouveau pour connecter l'application.
code-used-somewhere = Zoom accepte l'application. La vérification a consommé le code d'autorisation, qui ne sert qu'une fois : il en faut un nouveau pour connecter l'application.

wrong-client = Client ID ou Client Secret incorrect : Zoom ne reconnaît pas les deux ensemble.
    .fix = { -app-page } > App Credentials : copiez à nouveau Client ID et Client Secret, en entier et depuis la même application. Si le secret y a été régénéré, l'ancien ne fonctionne plus.

wrong-account = Account ID incorrect : Zoom reconnaît le Client ID et le Client Secret, mais aucun compte { $account } qui possède l'application.
    .fix = { -app-page } > App Credentials : copiez à nouveau Account ID. Ce n'est ni le numéro du compte ni une adresse e-mail, et c'est celui du compte dans lequel l'application a été créée.

not-activated = L'application n'est pas activée, ou son compte Zoom n'autorise pas les applications de ce type.
    .fix = { -app-page } > Activation > Activate your app. Si ce n'est pas possible, demandez au propriétaire du compte Zoom d'autoriser les applications de ce type pour le rôle de l'utilisateur qui a créé l'application : { -roles-page }. { -general-app } { -delay }

disabled = L'application a été désactivée.
    .fix = { -app-page } > Activation > Activate your app. Si elle ne peut pas être activée, demandez au propriétaire du compte Zoom de l'autoriser sous Zoom App Marketplace > Manage > Apps on Account. { -general-app } { -delay }

deauthorized = Le compte Zoom a retiré l'application. Ses secrets, et ce que l'on savait des utilisateurs du compte, sont supprimés.
    .fix = Ajoutez de nouveau l'application au compte Zoom, puis envoyez de nouveau ses identifiants (PATCH de la connexion : `auth`, et `active` : true), ainsi que son Secret Token si des webhooks sont utilisés.

not-server-to-server = Mauvais type d'application : ce n'est pas une application Server-to-Server OAuth, Zoom ne lui donne donc pas de jeton pour l'Account ID.
    .fix = Créez une application avec Zoom App Marketplace > Develop > Build App > Server-to-Server OAuth App et envoyez ses Account ID, Client ID et Client Secret ; ou connectez la General App avec la méthode `authorization_code`.

not-general = Mauvais type d'application : ce n'est pas une General App, Zoom n'accepte donc pas de code d'autorisation pour elle.
    .fix = Connectez une application Server-to-Server OAuth avec la méthode `server_to_server` et son Account ID ({ -app-page } > App Credentials) ; ou créez une application avec Zoom App Marketplace > Develop > Build App > General App > Admin-managed.

user-managed = Mauvais type d'application : la General App est gérée par son utilisateur et n'a accès qu'à lui, car aucun de ses scopes ne se termine par `:admin`.
    .fix = { -app-page } > Basic Information : choisissez Admin-managed. Puis Scopes > Add Scopes : ajoutez les scopes qui se terminent par `:admin`. { -new-code }

code-refused = Le code d'autorisation est incorrect ou a expiré : il est valable 5 minutes et ne sert qu'une fois.
    .fix = { -new-code } Il n'y a rien à modifier dans les paramètres de l'application.

redirect-uri-differs = L'URI de redirection n'est pas celle de l'application : { $uri } a été envoyée.
    .fix = { -app-page } > OAuth Information (ou Basic Information) > OAuth Redirect URL : elle doit être identique à { $uri }, à la lettre près, barre oblique finale comprise. { -new-code }

account-mismatch = L'application appartient au compte Zoom { $found }, la connexion au compte { $expected } : ses réunions deviendraient inaccessibles.
    .fix = Envoyez les identifiants d'une application du compte Zoom { $expected }. Pour l'autre compte, créez une connexion distincte.

refresh-interrupted = Connectez à nouveau : le renouvellement du jeton de la connexion a été interrompu. Zoom avait donné un nouveau jeton, perdu avant d'avoir pu être conservé, et l'ancien ne fonctionne plus.
    .fix = { -new-code } Il n'y a rien à modifier dans les paramètres de l'application.

refresh-refused = Connectez à nouveau : Zoom n'accepte plus le jeton de la connexion. L'application a été retirée du compte ou autorisée ailleurs, ou le jeton a expiré.
    .fix = Vérifiez sous Zoom App Marketplace > Manage > Added Apps que l'application est toujours là. { -new-code }

token-refused = Zoom ne donne pas de jeton à l'application. Raison indiquée : { $reason }
    .fix = { -app-page } : comparez Account ID, Client ID et Client Secret sous App Credentials, et vérifiez sous Activation que l'application est activée. { -general-app }

token-refused-in-silence = Zoom ne donne pas de jeton à l'application et n'en indique pas la raison.
    .fix = { -app-page } : comparez Account ID, Client ID et Client Secret sous App Credentials, et vérifiez sous Activation que l'application est activée. { -general-app }

## Checks: whatever Zoom is asked

token-dead = Zoom a donné un jeton à l'application et ne l'accepte pas : l'application vient d'être désactivée.
    .fix = { -app-page } > Activation > Activate your app. { -general-app } { -delay }

refused = Zoom a refusé : { $words }
    .fix = L'utilisateur qui a créé l'application a besoin d'un rôle qui permet de voir les utilisateurs et de modifier les réunions : { -roles-page }. Puis { -app-page } > Activation. { -delay }

rate-limited =
    { $seconds ->
        [one] Zoom demande une pause de { $seconds } seconde : le compte fait trop d'appels.
       *[other] Zoom demande une pause de { $seconds } secondes : le compte fait trop d'appels.
    }
    .fix = Il n'y a rien à modifier dans Zoom ; vérifiez à nouveau après la pause.

out-of-reach = Zoom est injoignable : la connexion échoue, ou sa réponse est incompréhensible.
    .fix = Il n'y a rien à modifier dans l'application ; consultez https://status.zoom.us et vérifiez à nouveau dans quelques minutes.

## Checks: scopes

scopes-complete = L'application a tous les scopes que { -lectern } utilise.

scopes-missing = Il manque à l'application des scopes dont { -lectern } ne peut se passer : { $names }.
    .fix = { -app-page } > Scopes > Add Scopes > { $scopes } ; { -after-scopes } { -delay }

scopes-partial = Les réunions peuvent être planifiées. Ce qui ne fonctionnera pas : { $losses }.
    .fix = { -app-page } > Scopes > Add Scopes > { $scopes } ; { -after-scopes } { -delay }

scopes-unknown = Zoom n'indique pas les scopes de l'application. Ceux qu'il faut pour lister les utilisateurs et pour créer, modifier et supprimer des réunions sont là, essai fait ; le reste n'est pas connu.
    .fix = { -app-page } > Scopes : vérifiez que ceux des utilisateurs, réunions, webinaires, enregistrements et rapports sont là. { -delay }

loss-read-users = un animateur ne peut pas être consulté individuellement
loss-end-meetings = une réunion en cours ne peut pas être terminée d'ici
loss-read-meetings = les animateurs ne reçoivent pas de lien pour démarrer la réunion
loss-list-meetings = une réunion que Zoom a créée sans répondre, ou créée directement dans Zoom, n'est pas retrouvée
loss-user-settings = le nombre de personnes que contiennent les réunions d'un animateur n'est pas connu
loss-webinars = les webinaires ne peuvent pas avoir lieu
loss-recordings = les enregistrements ne sont pas retrouvés
loss-reports = la présence n'est pas connue

## Checks: hosts

hosts =
    { $active ->
        [one] { $active } utilisateur actif
       *[other] { $active } utilisateurs actifs
    }, { $licensed } avec licence{ $left-out ->
        [0] { "" }
        [one] { " " }; { $left-out } autre a été laissé de côté, son adresse e-mail étant illisible
       *[other] { " " }; { $left-out } autres ont été laissés de côté, leurs adresses e-mail étant illisibles
    }

no-licensed-host = { hosts } : les réunions des utilisateurs sans licence se terminent après 40 minutes
    .fix = { -users-page } > Edit (de l'utilisateur qui anime) > User Type: Licensed.

no-host = { hosts } : personne ne peut animer de réunion
    .fix = { -users-page } > Add Users : ajoutez ou activez un utilisateur pour animer les réunions.

host-licensed = { $email } est un utilisateur du compte avec licence.
host-basic = { $email } est un utilisateur de base du compte, dont les réunions se terminent après 40 minutes.
host-unlicensed = { $email } est un utilisateur du compte sans licence.

host-offered = Aucun animateur n'a été indiqué ; { $email } est proposé en premier.

nobody-to-offer = Il n'y a aucun utilisateur actif à proposer comme animateur.
    .fix = { -users-page } > Add Users : ajoutez un utilisateur pour animer les réunions.

unknown-email = Aucun utilisateur actif du compte Zoom n'a l'adresse e-mail { $email }.{ $offered ->
        [0] { "" }
       *[other] { " " }Les plus proches : { $nearest }.
    }
    .fix = Envoyez l'adresse avec laquelle l'animateur se connecte à Zoom, ou ajoutez { $email } sous { -users-page } > Add Users et faites accepter l'invitation.

unknown-id = Aucun utilisateur actif du compte Zoom n'a l'identifiant { $id }.{ $offered ->
        [0] { "" }
       *[other] { " " }Les plus proches : { $nearest }.
    }
    .fix = Envoyez plutôt l'adresse e-mail de l'animateur dans `host_email`, telle que l'affiche { -users-page }.

host-contradiction = `host_email` est l'utilisateur { $id }, et `default_host_id` en est un autre.
    .fix = Envoyez l'un des deux, ou l'identifiant qui correspond à l'adresse ; il n'y a rien à modifier dans Zoom.

host-gone = { $email } n'est plus un utilisateur actif du compte Zoom.
    .fix = { -users-page } : activez à nouveau { $email }, ou choisissez ici un autre animateur par défaut.

## Checks: webinars and capacity

webinars =
    { $participants ->
        [one] Webinaires jusqu'à { $participants } participant
       *[other] Webinaires jusqu'à { $participants } participants
    }

no-webinar-plan = Le forfait de { $email } ne comprend pas de webinaires : cet animateur ne peut pas en tenir.
    .fix = { -plans-page } : ajoutez Zoom Webinars ; puis { -users-page } > Edit ({ $email }) et donnez à l'utilisateur la licence Webinars.

webinar-scopes-missing = Le forfait comprend des webinaires, mais il manque à l'application les scopes correspondants.
    .fix = { -app-page } > Scopes > Add Scopes > { $scopes } ; { -after-scopes } { -delay }

capacity =
    { $participants ->
        [one] { $participants } participant
       *[other] { $participants } participants
    }

webinars-unknown = On ne sait pas si des webinaires peuvent avoir lieu : { $why }.
capacity-unknown = On ne sait pas combien de personnes contient une réunion : { $why }.

settings-unreadable = l'application ne peut pas lire les paramètres des utilisateurs
    .fix = { -app-page } > Scopes > Add Scopes > { $scopes } ; { -after-scopes } { -delay }
settings-refused = Zoom a refusé ({ $words })
    .fix = L'utilisateur qui a créé l'application a besoin d'un rôle qui permet de voir les paramètres des utilisateurs : { -roles-page }. { -delay }
settings-unanswered = Zoom n'a pas répondu
    .fix = Il n'y a rien à modifier dans l'application ; vérifiez à nouveau dans quelques minutes.

## Replies about connections

advice = { $detail } { $fix }

check-failed = Zoom n'accepte pas l'application telle qu'elle est ; rien n'a été enregistré. Chaque vérification échouée indique dans `fix` ce qu'il faut modifier, et où ; envoyez ensuite la requête à nouveau.
check-interrupted = Zoom ne peut pas être interrogé en ce moment : l'application n'a pas été vérifiée et rien n'a été enregistré. Envoyez la requête à nouveau dans quelques secondes.
check-interrupted-with-code = Zoom ne peut pas être interrogé pour le moment : l'application n'a pas été vérifiée et rien n'a été enregistré. Le code d'autorisation est peut-être consommé : dans quelques minutes, autorisez de nouveau l'application et envoyez le nouveau code.

redirect-uri-contradiction = vaut { $sent }, alors que Zoom a envoyé le code à { $needed } ; envoyez cette adresse, à la lettre près

jwt-apps-ended = Zoom a mis fin aux applications JWT en 2023 : une API key et un API secret ne fonctionnent plus. Créez à la place une application Server-to-Server OAuth (Zoom App Marketplace > Develop > Build App > Server-to-Server OAuth App) et envoyez ses Account ID, Client ID et Client Secret avec la méthode `server_to_server`

connection-inactive = La connexion { $name } ({ $id }) est inactive. Activez-la, ou choisissez-en une autre.
connection-failed = La connexion { $name } ({ $id }) ne fonctionne plus. { $advice }
app-refused = Zoom ne donne plus de jeton à l'application de cette connexion. Vérifiez la connexion avec POST /v1/connections/…/verify : la vérification indique ce qu'il faut modifier dans Zoom.

## Mails

failed-mail = La connexion Zoom { $name } ne fonctionne plus
    .lead = Une vérification a constaté que Zoom ne fonctionne plus avec la connexion { $name }.
    .fix = Ce qu'il faut faire
    .consequence = D'ici là, aucune nouvelle réunion ne peut être réservée avec elle ; celles qui sont réservées restent. Dès que Zoom fonctionne de nouveau avec elle, elle est réutilisée automatiquement.
    .because = Vous recevez cet e-mail parce que vous avez connecté l'application.

deauthorized-mail = L'application de la connexion Zoom { $name } a été retirée dans Zoom
    .lead = Le compte Zoom de la connexion { $name } a retiré l'application. La connexion n'est plus active.
    .fix = Pour l'utiliser de nouveau
    .consequence = Ses secrets sont supprimés, de même que les noms et adresses de ses hôtes, les listes de présence et les liens vers les enregistrements. Les réunions réservées gardent leur horaire ; les modifications ne peuvent plus être transmises à Zoom.
    .because = Vous recevez cet e-mail parce que vous avez connecté l'application.

overlap-mail = « { $topic } » chevauche autre chose dans Zoom : { $moment }
    .lead = L'hôte { $host } a plus à faire à ce moment qu'il ne le peut : quelque chose a été créé ou déplacé dans Zoom même.
    .fix = Que faire
    .advice = Déplacez l'un des deux, ici ou dans Zoom.
    .consequence = D'ici là, les deux restent tels quels.
    .because = Vous recevez cet e-mail parce que vous avez connecté l'application.

## Mails: dates and times

weekday =
    { $weekday ->
        [1] lundi
        [2] mardi
        [3] mercredi
        [4] jeudi
        [5] vendredi
        [6] samedi
       *[7] dimanche
    }
    .short =
    { $weekday ->
        [1] lun.
        [2] mar.
        [3] mer.
        [4] jeu.
        [5] ven.
        [6] sam.
       *[7] dim.
    }

month =
    { $month ->
        [1] janvier
        [2] février
        [3] mars
        [4] avril
        [5] mai
        [6] juin
        [7] juillet
        [8] août
        [9] septembre
        [10] octobre
        [11] novembre
       *[12] décembre
    }
    .short =
    { $month ->
        [1] janv.
        [2] févr.
        [3] mars
        [4] avr.
        [5] mai
        [6] juin
        [7] juil.
        [8] août
        [9] sept.
        [10] oct.
        [11] nov.
       *[12] déc.
    }

day = { weekday } { $day ->
        [1] 1er
       *[other] { $day }
    } { month } { $year }
moment = { weekday.short } { $day ->
        [1] 1er
       *[other] { $day }
    } { month.short }, { $time }
hours = { $start }–{ $end }
    .overnight = { $start } – { $end }
day-and-hours = { $day }, { $hours }

days =
    { $days ->
        [one] { $days } jour
       *[other] { $days } jours
    }
whole-hours =
    { $hours ->
        [one] { $hours } heure
       *[other] { $hours } heures
    }
minutes =
    { $minutes ->
        [one] { $minutes } minute
       *[other] { $minutes } minutes
    }

countdown-minutes = dans { minutes }
countdown-hours = dans { whole-hours }
countdown-hours-minutes = dans { whole-hours } et { minutes }
countdown-today = aujourd'hui
countdown-tomorrow = demain
countdown-days = dans { days }

## Mails to those who attend (the spaces before a colon and inside quotation marks do not break)

invitation-mail = Invitation : { $topic }, { $moment }
    .heading =
    { $kind ->
        [webinar] Invitation à un webinaire
       *[meeting] Invitation à une réunion
    }
    .lead = Vous êtes invité(e) à « { $topic } ».

update-mail = Modification : { $topic }, { $moment }
    .heading =
    { $kind ->
        [webinar] Modification : ce webinaire a changé
       *[meeting] Modification : cette réunion a changé
    }
    .lead = « { $topic } » a changé. Voici les informations à jour.

cancellation-mail = Annulation : { $topic }, { $moment }
    .heading =
    { $kind ->
        [webinar] Annulation : ce webinaire n'aura pas lieu
       *[meeting] Annulation : cette réunion n'aura pas lieu
    }
    .lead =
    { $kind ->
        [webinar] Le webinaire « { $topic } » n'aura pas lieu.
       *[meeting] La réunion « { $topic } » n'aura pas lieu.
    }

removal-mail = Invitation retirée : { $topic }, { $moment }
    .heading =
    { $kind ->
        [webinar] Vous ne participez plus à ce webinaire
       *[meeting] Vous ne participez plus à cette réunion
    }
    .lead =
    { $kind ->
        [webinar] Vous avez été retiré(e) de la liste des participants du webinaire « { $topic } ».
       *[meeting] Vous avez été retiré(e) de la liste des participants de la réunion « { $topic } ».
    }

reminder-mail = Rappel : { $topic }, { $moment }
    .heading = Commence { $countdown }
    .lead = « { $topic } » commence { $countdown }.

mail-preheader = { $heading } : { $moment }, { $zone }
mail-greeting = Bonjour { $name },
    .nameless = Bonjour,
mail-line = { $label } : { $value }
mail-when = Quand
    .next = Prochaine date
    .cancelled = Était prévu
mail-dates =
    { $count ->
        [one] { $count } date à venir
       *[other] { $count } dates à venir
    }
    .cancelled =
    { $count ->
        [one] { $count } date annulée
       *[other] { $count } dates annulées
    }
    .more = et { $count } de plus
mail-host = Animé par
mail-number =
    { $kind ->
        [webinar] ID du webinaire
       *[meeting] ID de réunion
    }
mail-passcode = Code secret
mail-agenda = Programme
mail-join =
    { $kind ->
        [webinar] Rejoindre le webinaire
       *[meeting] Rejoindre la réunion
    }
mail-start =
    { $kind ->
        [webinar] Démarrer le webinaire
       *[meeting] Démarrer la réunion
    }
    .note = Zoom vous demandera de vous connecter en tant qu'hôte.
mail-fallback = Si le bouton ne fonctionne pas, ouvrez ce lien :
mail-forward = Lien pour les participants, à transmettre :
mail-because =
    { $kind ->
        [webinar] Vous recevez cet e-mail parce que vous figurez parmi les participants de ce webinaire.
       *[meeting] Vous recevez cet e-mail parce que vous figurez parmi les participants de cette réunion.
    }
    .host =
    { $kind ->
        [webinar] Vous recevez cet e-mail parce que vous animez ce webinaire.
       *[meeting] Vous recevez cet e-mail parce que vous animez cette réunion.
    }
    .removed =
    { $kind ->
        [webinar] Vous recevez cet e-mail parce que vous figuriez parmi les participants de ce webinaire.
       *[meeting] Vous recevez cet e-mail parce que vous figuriez parmi les participants de cette réunion.
    }
mail-unsubscribe = Se désabonner de ces e-mails

## The page on which one has no more mails

mails-page = E-mails au sujet des réunions
    .question = Ne plus recevoir d'invitations, de rappels ni d'autres e-mails au sujet des réunions et webinaires de votre plateforme de formation ?
    .stop = Ne plus recevoir d'e-mails
    .stopped = Vous ne recevrez plus d'e-mails au sujet des réunions et webinaires. Vous pouvez toujours y participer.
    .resume = Recevoir à nouveau les e-mails
    .on = Vous recevrez les e-mails au sujet des réunions et webinaires.
    .unknown = Ce lien n'est pas valide. Ouvrez-le à nouveau depuis l'e-mail ou copiez-le en entier.
