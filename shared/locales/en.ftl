# What Lectern says to people, in English. The other files of this folder say the same in other languages:
# every message, attribute and variable that stands here stands there too.
#
# The labels of Zoom's own pages (Scopes > Add Scopes, Activation, ...) stay as Zoom writes them, in English,
# and so do the names of scopes and of fields.

-lectern = Lectern
-app-page = Zoom App Marketplace > Develop > Build App (or Manage) > your app
-users-page = Zoom web portal > Admin > User Management > Users
-roles-page = Zoom web portal > Admin > User Management > Roles
-plans-page = Zoom web portal > Admin > Plans and Billing > Plan Management
-delay = Zoom can take a few minutes to apply a change; then check again.
-new-code = Open the app's authorization page again, allow the app, and send the new code, or the whole address that the browser was sent to, within 5 minutes.
-general-app = A General App has no Activation: see under Zoom App Marketplace > Manage > Added Apps that it is added to the account.
-after-scopes = then Done, and Activation > Activate your app. A General App has no Activation: open its authorization page again instead, and send the new code.

list-separator = { "; " }

## Calendars: what an event says besides the agenda

calendar-join-meeting = Join the meeting
calendar-join-webinar = Join the webinar
calendar-link = { $label }: { $link }
calendar-passcode = Passcode: { $passcode }

## Checks: the app's credentials

not-reached = Not reached: see the checks before it.

accepted = Zoom accepts the app for the account { $account }.
accepted-somewhere = Zoom accepts the app.

code-used = Zoom accepts the app for the account { $account }. The check has used up the authorization code, which works once: a new one is needed to connect.
code-used-somewhere = Zoom accepts the app. The check has used up the authorization code, which works once: a new one is needed to connect.

wrong-client = Wrong client id or client secret: Zoom does not know the two together.
    .fix = { -app-page } > App Credentials: copy Client ID and Client secret again, whole and from the same app. If the secret was regenerated there, the old one no longer works.

wrong-account = Wrong account id: Zoom knows the client id and secret, but no account { $account } that has the app.
    .fix = { -app-page } > App Credentials: copy Account ID again. It is neither the account number nor an e-mail address, and it is that of the account in which the app was made.

not-activated = The app is not activated, or its Zoom account does not allow apps of this type.
    .fix = { -app-page } > Activation > Activate your app. Where that is not possible, ask the owner of the Zoom account to allow apps of this type to the role of the user who made the app: { -roles-page }. { -general-app } { -delay }

disabled = The app has been disabled.
    .fix = { -app-page } > Activation > Activate your app. Where it cannot be activated, ask the owner of the Zoom account to allow it under Zoom App Marketplace > Manage > Apps on Account. { -general-app } { -delay }

deauthorized = The Zoom account has removed the app. Its secrets, and what was known of the account's users, are deleted.
    .fix = Add the app to the Zoom account again, then send its credentials again (PATCH of the connection: `auth`, and `active`: true) and its Secret Token, if webhooks are used.

not-server-to-server = Wrong app type: this is not a Server-to-Server OAuth app, so Zoom gives it no token for the account id.
    .fix = Make an app with Zoom App Marketplace > Develop > Build App > Server-to-Server OAuth App and send its Account ID, Client ID and Client secret; or connect the General App with the method `authorization_code`.

not-general = Wrong app type: this is not a General App, so Zoom takes no authorization code for it.
    .fix = Connect a Server-to-Server OAuth app with the method `server_to_server` and its Account ID ({ -app-page } > App Credentials); or make an app with Zoom App Marketplace > Develop > Build App > General App > Admin-managed.

user-managed = Wrong app type: the General App is managed by its user and reaches that user alone, since none of its scopes ends in `:admin`.
    .fix = { -app-page } > Basic Information: choose Admin-managed. Then Scopes > Add Scopes: add the scopes that end in `:admin`. { -new-code }

code-refused = The authorization code is wrong or expired: it lives for 5 minutes and works once.
    .fix = { -new-code } Nothing in the app's settings needs to be changed.

redirect-uri-differs = The redirect URI is not the one of the app: { $uri } was sent.
    .fix = { -app-page } > OAuth Information (or Basic Information) > OAuth Redirect URL: it must be equal to { $uri }, to the letter, a slash at the end included. { -new-code }

account-mismatch = The app belongs to the Zoom account { $found }, the connection to { $expected }: its meetings would be out of reach.
    .fix = Send the credentials of an app of the Zoom account { $expected }. For the other account, make a connection of its own.

refresh-interrupted = Connect again: renewing the connection's token was interrupted. Zoom had given a new one, which was lost before it could be kept, and the old one no longer works.
    .fix = { -new-code } Nothing in the app's settings needs to be changed.

refresh-refused = Connect again: Zoom no longer takes the connection's refresh token. The app was removed from the account or authorized elsewhere, or the token ran out.
    .fix = See under Zoom App Marketplace > Manage > Added Apps that the app is still there. { -new-code }

token-refused = Zoom gives the app no token. Its reason: { $reason }
    .fix = { -app-page }: compare Account ID, Client ID and Client secret under App Credentials, and see under Activation that the app is activated. { -general-app }

token-refused-in-silence = Zoom gives the app no token, and no reason.
    .fix = { -app-page }: compare Account ID, Client ID and Client secret under App Credentials, and see under Activation that the app is activated. { -general-app }

## Checks: whatever Zoom is asked

token-dead = Zoom gave the app a token and does not accept it: the app was deactivated a moment ago.
    .fix = { -app-page } > Activation > Activate your app. { -general-app } { -delay }

refused = Zoom refused: { $words }
    .fix = The user who made the app needs a role that may see users and edit meetings: { -roles-page }. Then { -app-page } > Activation. { -delay }

rate-limited =
    { $seconds ->
        [one] Zoom asks for a pause of { $seconds } second: the account makes too many calls.
       *[other] Zoom asks for a pause of { $seconds } seconds: the account makes too many calls.
    }
    .fix = Nothing in Zoom needs to be changed for this; check again after the pause.

out-of-reach = Zoom out of reach: it cannot be connected to, or gives no answer that can be understood.
    .fix = Nothing in the app needs to be changed for this; see https://status.zoom.us and check again in a few minutes.

## Checks: scopes

scopes-complete = The app has every scope that { -lectern } uses.

scopes-missing = The app lacks scopes that { -lectern } cannot do without: { $names }.
    .fix = { -app-page } > Scopes > Add Scopes > { $scopes }; { -after-scopes } { -delay }

scopes-partial = Meetings can be booked. What will not work: { $losses }.
    .fix = { -app-page } > Scopes > Add Scopes > { $scopes }; { -after-scopes } { -delay }

scopes-unknown = Zoom does not name the app's scopes. Those that are needed to list users and to create, change and delete meetings are there, by trial; the rest is not known.
    .fix = { -app-page } > Scopes: see that those for users, meetings, webinars, recordings and reports are there. { -delay }

loss-read-users = a single host cannot be looked up
loss-end-meetings = running meetings cannot be ended from here
loss-read-meetings = hosts get no link to start a meeting
loss-list-meetings = a meeting that Zoom made without answering, or one made in Zoom, is not found
loss-user-settings = the number of people a host's meetings hold is not known
loss-webinars = webinars cannot be held
loss-recordings = recordings are not found
loss-reports = attendance is not known

## Checks: hosts

hosts =
    { $active ->
        [one] { $active } active user
       *[other] { $active } active users
    }, { $licensed } licensed{ $left-out ->
        [0] { "" }
        [one] ; { $left-out } more was left out, whose e-mail address cannot be read
       *[other] ; { $left-out } more were left out, whose e-mail addresses cannot be read
    }

no-licensed-host = { hosts }: meetings of users without a licence end after 40 minutes
    .fix = { -users-page } > Edit (of the user who hosts) > User Type: Licensed.

no-host = { hosts }: nobody can host a meeting
    .fix = { -users-page } > Add Users: add a user, or activate one, to host the meetings.

host-licensed = { $email } is a licensed user of the account.
host-basic = { $email } is a basic user of the account, whose meetings end after 40 minutes.
host-unlicensed = { $email } is a user of the account without a licence.

host-offered = No host was named; { $email } is offered first.

nobody-to-offer = There is no active user to offer as host.
    .fix = { -users-page } > Add Users: add a user to host the meetings.

unknown-email = No active user of the Zoom account has the e-mail address { $email }.{ $offered ->
        [0] { "" }
       *[other] { " " }Nearest: { $nearest }.
    }
    .fix = Send the address that the host signs in to Zoom with, or add { $email } under { -users-page } > Add Users and have the invitation accepted.

unknown-id = No active user of the Zoom account has the id { $id }.{ $offered ->
        [0] { "" }
       *[other] { " " }Nearest: { $nearest }.
    }
    .fix = Send the host's e-mail address as `host_email` instead, as { -users-page } shows it.

host-contradiction = `host_email` is the user { $id }, and `default_host_id` is another one.
    .fix = Send one of the two, or the id that belongs to the address; nothing in Zoom needs to be changed.

host-gone = { $email } is no longer an active user of the Zoom account.
    .fix = { -users-page }: activate { $email } again, or choose another default host here.

## Checks: webinars and capacity

webinars =
    { $participants ->
        [one] Webinars of up to { $participants } participant
       *[other] Webinars of up to { $participants } participants
    }

no-webinar-plan = The plan of { $email } has no webinars: they cannot be held with this host.
    .fix = { -plans-page }: add Zoom Webinars; then { -users-page } > Edit ({ $email }) and give the user the Webinars licence.

webinar-scopes-missing = The plan has webinars, but the app lacks the scopes for them.
    .fix = { -app-page } > Scopes > Add Scopes > { $scopes }; { -after-scopes } { -delay }

capacity =
    { $participants ->
        [one] { $participants } participant
       *[other] { $participants } participants
    }

webinars-unknown = It is not known whether webinars can be held: { $why }.
capacity-unknown = It is not known how many people a meeting holds: { $why }.

settings-unreadable = the app may not read users' settings
    .fix = { -app-page } > Scopes > Add Scopes > { $scopes }; { -after-scopes } { -delay }
settings-refused = Zoom refused ({ $words })
    .fix = The user who made the app needs a role that may see users' settings: { -roles-page }. { -delay }
settings-unanswered = Zoom did not answer
    .fix = Nothing in the app needs to be changed for this; check again in a few minutes.

## Replies about connections

advice = { $detail } { $fix }

check-failed = Zoom does not accept the app as it is; nothing was stored. Each check that failed says in `fix` what to change, and where; then send the request again.
check-interrupted = Zoom cannot be asked at this moment, so the app was not checked and nothing was stored. Send the request again in a few seconds.
check-interrupted-with-code = Zoom cannot be asked at this moment, so the app was not checked and nothing was stored. The authorization code may be used up: in a few minutes, authorize the app again and send the new code.

redirect-uri-contradiction = is { $sent }, and Zoom sent the code to { $needed }; send that address, to the letter

jwt-apps-ended = Zoom ended JWT apps in 2023, so an API key and secret no longer work. Make a Server-to-Server OAuth app instead (Zoom App Marketplace > Develop > Build App > Server-to-Server OAuth App) and send its Account ID, Client ID and Client secret with the method `server_to_server`

connection-inactive = The connection { $name } ({ $id }) is inactive. Activate it, or choose another.
connection-failed = The connection { $name } ({ $id }) stopped working. { $advice }
app-refused = Zoom no longer gives this connection's app a token. Check the connection with POST /v1/connections/…/verify: the check names what to change in Zoom.

## Mails

failed-mail = The Zoom connection { $name } has stopped working
    .lead = Zoom no longer works with the connection { $name }, as a check has found.
    .fix = What to do
    .consequence = Until then no new meetings can be booked with it; those that are booked stay. As soon as Zoom works with it again, it is in use again by itself.
    .because = You get this mail because you connected the app.

deauthorized-mail = The app of the Zoom connection { $name } was removed in Zoom
    .lead = The Zoom account behind the connection { $name } has removed the app. The connection is no longer active.
    .fix = What to do to use it again
    .consequence = Its secrets are deleted, and so are the names and addresses of its hosts, lists of who attended, and links to recordings. Booked meetings keep their time; Zoom can no longer be told of changes.
    .because = You get this mail because you connected the app.

overlap-mail = “{ $topic }” overlaps with something in Zoom: { $moment }
    .lead = The host { $host } has more to do at that time than it can: something was made or moved in Zoom itself.
    .fix = What to do
    .advice = Move one of the two, here or in Zoom.
    .consequence = Until then both stay as they are.
    .because = You get this mail because you connected the app.

## Mails: dates and times

weekday =
    { $weekday ->
        [1] Monday
        [2] Tuesday
        [3] Wednesday
        [4] Thursday
        [5] Friday
        [6] Saturday
       *[7] Sunday
    }
    .short =
    { $weekday ->
        [1] Mon
        [2] Tue
        [3] Wed
        [4] Thu
        [5] Fri
        [6] Sat
       *[7] Sun
    }

month =
    { $month ->
        [1] January
        [2] February
        [3] March
        [4] April
        [5] May
        [6] June
        [7] July
        [8] August
        [9] September
        [10] October
        [11] November
       *[12] December
    }
    .short =
    { $month ->
        [1] Jan
        [2] Feb
        [3] Mar
        [4] Apr
        [5] May
        [6] Jun
        [7] Jul
        [8] Aug
        [9] Sep
        [10] Oct
        [11] Nov
       *[12] Dec
    }

day = { weekday }, { $day } { month } { $year }
moment = { weekday.short } { $day } { month.short }, { $time }
hours = { $start }–{ $end }
    .overnight = { $start } – { $end }
day-and-hours = { $day }, { $hours }

days =
    { $days ->
        [one] { $days } day
       *[other] { $days } days
    }
whole-hours =
    { $hours ->
        [one] { $hours } hour
       *[other] { $hours } hours
    }
minutes =
    { $minutes ->
        [one] { $minutes } minute
       *[other] { $minutes } minutes
    }

countdown-minutes = in { minutes }
countdown-hours = in { whole-hours }
countdown-hours-minutes = in { whole-hours } { minutes }
countdown-today = today
countdown-tomorrow = tomorrow
countdown-days = in { days }

## Mails to those who attend

invitation-mail = Invitation: { $topic }, { $moment }
    .heading =
    { $kind ->
        [webinar] Invitation to a webinar
       *[meeting] Invitation to a meeting
    }
    .lead = You are invited to “{ $topic }”.

update-mail = Updated: { $topic }, { $moment }
    .heading =
    { $kind ->
        [webinar] Update: this webinar has changed
       *[meeting] Update: this meeting has changed
    }
    .lead = “{ $topic }” has changed. This is how it stands now.

cancellation-mail = Cancelled: { $topic }, { $moment }
    .heading =
    { $kind ->
        [webinar] Cancelled: this webinar will not take place
       *[meeting] Cancelled: this meeting will not take place
    }
    .lead =
    { $kind ->
        [webinar] The webinar “{ $topic }” will not take place.
       *[meeting] The meeting “{ $topic }” will not take place.
    }

removal-mail = No longer invited: { $topic }, { $moment }
    .heading =
    { $kind ->
        [webinar] You are no longer an attendee of this webinar
       *[meeting] You are no longer an attendee of this meeting
    }
    .lead =
    { $kind ->
        [webinar] You have been taken off the list of attendees of the webinar “{ $topic }”.
       *[meeting] You have been taken off the list of attendees of the meeting “{ $topic }”.
    }

reminder-mail = Reminder: { $topic }, { $moment }
    .heading = Starts { $countdown }
    .lead = “{ $topic }” starts { $countdown }.

mail-preheader = { $heading }: { $moment }, { $zone }
mail-greeting = Hello { $name },
    .nameless = Hello,
mail-line = { $label }: { $value }
mail-when = When
    .next = Next date
    .cancelled = Was planned for
mail-dates =
    { $count ->
        [one] { $count } date to come
       *[other] { $count } dates to come
    }
    .cancelled =
    { $count ->
        [one] { $count } date is cancelled
       *[other] { $count } dates are cancelled
    }
    .more = and { $count } more
mail-host = Host
mail-number =
    { $kind ->
        [webinar] Webinar ID
       *[meeting] Meeting ID
    }
mail-passcode = Passcode
mail-agenda = Agenda
mail-join =
    { $kind ->
        [webinar] Join the webinar
       *[meeting] Join the meeting
    }
mail-start =
    { $kind ->
        [webinar] Start the webinar
       *[meeting] Start the meeting
    }
    .note = Zoom asks you to sign in as the host.
mail-fallback = If the button does not work, open this link:
mail-forward = Link for attendees, to forward:
mail-because =
    { $kind ->
        [webinar] You get this mail because you are listed among the attendees of this webinar.
       *[meeting] You get this mail because you are listed among the attendees of this meeting.
    }
    .host =
    { $kind ->
        [webinar] You get this mail because you host this webinar.
       *[meeting] You get this mail because you host this meeting.
    }
    .removed =
    { $kind ->
        [webinar] You get this mail because you were listed among the attendees of this webinar.
       *[meeting] You get this mail because you were listed among the attendees of this meeting.
    }
mail-unsubscribe = Unsubscribe from these mails

## The page on which one has no more mails

mails-page = E-mails about meetings
    .question = Get no more invitations, reminders and other e-mails about the meetings and webinars of your learning platform?
    .stop = No more e-mails
    .stopped = You will get no more e-mails about meetings and webinars. You can still attend them.
    .resume = Get e-mails again
    .on = You will get e-mails about meetings and webinars.
    .unknown = This link is not valid. Open it once more from the e-mail, or copy it whole.
