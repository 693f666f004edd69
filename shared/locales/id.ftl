# What Lectern says to people, in Indonesian; see en.ftl.

-lectern = Lectern
-app-page = Zoom App Marketplace > Develop > Build App (atau Manage) > aplikasi Anda
-users-page = portal web Zoom > Admin > User Management > Users
-roles-page = portal web Zoom > Admin > User Management > Roles
-plans-page = portal web Zoom > Admin > Plans and Billing > Plan Management
-delay = Zoom dapat memerlukan beberapa menit untuk menerapkan perubahan; setelah itu periksa lagi.
-new-code = Buka kembali halaman otorisasi aplikasi, izinkan aplikasinya, lalu kirim kode yang baru, atau seluruh alamat tujuan browser, dalam waktu 5 menit.
-general-app = General App tidak punya Activation: pastikan di Zoom App Marketplace > Manage > Added Apps bahwa aplikasi sudah ditambahkan ke akun.
-after-scopes = lalu Done, dan Activation > Activate your app. General App tidak memiliki Activation: sebagai gantinya, buka kembali halaman otorisasinya dan kirim kode yang baru.

list-separator = { "; " }

## Calendars: what an event says besides the agenda

calendar-join-meeting = Gabung ke rapat
calendar-join-webinar = Gabung ke webinar
calendar-link = { $label }: { $link }
calendar-passcode = Kode sandi: { $passcode }

## Checks: the app's credentials

not-reached = Belum diperiksa: lihat pemeriksaan sebelumnya.

accepted = Zoom menerima aplikasi ini untuk akun { $account }.
accepted-somewhere = Zoom menerima aplikasi ini.

code-used = Zoom menerima aplikasi ini untuk akun { $account }. Pemeriksaan ini telah memakai kode otorisasi, yang hanya berlaku satu kali: untuk menghubungkan diperlukan kode yang baru.
code-used-somewhere = Zoom menerima aplikasi ini. Pemeriksaan ini telah memakai kode otorisasi, yang hanya berlaku satu kali: untuk menghubungkan diperlukan kode yang baru.

wrong-client = Client ID atau Client secret salah: Zoom tidak mengenal pasangan keduanya.
    .fix = { -app-page } > App Credentials: salin kembali Client ID dan Client secret, secara utuh dan dari aplikasi yang sama. Jika secret dibuat ulang di sana, yang lama tidak berlaku lagi.

wrong-account = Account ID salah: Zoom mengenal Client ID dan Client secret, tetapi tidak ada akun { $account } yang memiliki aplikasi ini.
    .fix = { -app-page } > App Credentials: salin kembali Account ID. Ini bukan nomor akun dan bukan alamat email, melainkan ID akun tempat aplikasi dibuat.

not-activated = Aplikasi belum diaktifkan, atau akun Zoom-nya tidak mengizinkan aplikasi jenis ini.
    .fix = { -app-page } > Activation > Activate your app. Jika tidak bisa, minta pemilik akun Zoom mengizinkan aplikasi jenis ini bagi peran pengguna yang membuat aplikasi: { -roles-page }. { -general-app } { -delay }

disabled = Aplikasi telah dinonaktifkan.
    .fix = { -app-page } > Activation > Activate your app. Jika tidak dapat diaktifkan, minta pemilik akun Zoom mengizinkannya di Zoom App Marketplace > Manage > Apps on Account. { -general-app } { -delay }

deauthorized = Akun Zoom telah menghapus aplikasi. Rahasianya, dan yang diketahui tentang pengguna akun itu, sudah dihapus.
    .fix = Tambahkan lagi aplikasi ke akun Zoom, lalu kirim lagi kredensialnya (PATCH koneksi: `auth`, dan `active`: true) serta Secret Token jika webhook dipakai.

not-server-to-server = Jenis aplikasi salah: ini bukan aplikasi Server-to-Server OAuth, sehingga Zoom tidak memberinya token untuk Account ID.
    .fix = Buat aplikasi melalui Zoom App Marketplace > Develop > Build App > Server-to-Server OAuth App lalu kirim Account ID, Client ID, dan Client secret-nya; atau hubungkan General App ini dengan metode `authorization_code`.

not-general = Jenis aplikasi salah: ini bukan General App, sehingga Zoom tidak menerima kode otorisasi untuknya.
    .fix = Hubungkan aplikasi Server-to-Server OAuth dengan metode `server_to_server` beserta Account ID-nya ({ -app-page } > App Credentials); atau buat aplikasi melalui Zoom App Marketplace > Develop > Build App > General App > Admin-managed.

user-managed = Jenis aplikasi salah: General App ini dikelola oleh pengguna dan hanya menjangkau pengguna itu sendiri, karena tidak ada scope-nya yang berakhiran `:admin`.
    .fix = { -app-page } > Basic Information: pilih Admin-managed. Lalu Scopes > Add Scopes: tambahkan scope yang berakhiran `:admin`. { -new-code }

code-refused = Kode otorisasi salah atau kedaluwarsa: kode hanya berlaku 5 menit dan satu kali pakai.
    .fix = { -new-code } Pengaturan aplikasi tidak perlu diubah.

redirect-uri-differs = Redirect URI tidak sama dengan yang ada di aplikasi: yang dikirim adalah { $uri }.
    .fix = { -app-page } > OAuth Information (atau Basic Information) > OAuth Redirect URL: harus sama persis dengan { $uri }, huruf demi huruf, termasuk garis miring di akhir. { -new-code }

account-mismatch = Aplikasi ini milik akun Zoom { $found }, sedangkan koneksinya milik { $expected }: rapat-rapatnya tidak akan terjangkau lagi.
    .fix = Kirim kredensial aplikasi dari akun Zoom { $expected }. Untuk akun yang lain, buat koneksi tersendiri.

refresh-interrupted = Hubungkan kembali: pembaruan token koneksi ini terputus. Zoom telah memberi token baru, tetapi token itu hilang sebelum sempat disimpan, dan yang lama tidak berlaku lagi.
    .fix = { -new-code } Pengaturan aplikasi tidak perlu diubah.

refresh-refused = Hubungkan kembali: Zoom tidak lagi menerima token koneksi ini. Aplikasi telah dihapus dari akun atau diotorisasi di tempat lain, atau token sudah habis masa berlakunya.
    .fix = Pastikan di Zoom App Marketplace > Manage > Added Apps bahwa aplikasinya masih ada. { -new-code }

token-refused = Zoom tidak memberi aplikasi ini token. Alasannya: { $reason }
    .fix = { -app-page }: bandingkan Account ID, Client ID, dan Client secret di App Credentials, dan pastikan di Activation bahwa aplikasi sudah aktif. { -general-app }

token-refused-in-silence = Zoom tidak memberi aplikasi ini token, dan tidak menyebutkan alasannya.
    .fix = { -app-page }: bandingkan Account ID, Client ID, dan Client secret di App Credentials, dan pastikan di Activation bahwa aplikasi sudah aktif. { -general-app }

## Checks: whatever Zoom is asked

token-dead = Zoom memberi aplikasi token tetapi tidak menerimanya: aplikasi baru saja dinonaktifkan.
    .fix = { -app-page } > Activation > Activate your app. { -general-app } { -delay }

refused = Zoom menolak: { $words }
    .fix = Pengguna yang membuat aplikasi memerlukan peran yang boleh melihat pengguna dan mengubah rapat: { -roles-page }. Lalu { -app-page } > Activation. { -delay }

rate-limited = Zoom meminta jeda { $seconds } detik: akun ini melakukan terlalu banyak panggilan.
    .fix = Tidak ada yang perlu diubah di Zoom; periksa lagi setelah jeda tersebut.

out-of-reach = Zoom tidak dapat dijangkau: tidak bisa dihubungi, atau jawabannya tidak dapat dipahami.
    .fix = Aplikasi tidak perlu diubah; lihat https://status.zoom.us dan periksa lagi beberapa menit kemudian.

## Checks: scopes

scopes-complete = Aplikasi memiliki semua scope yang dipakai { -lectern }.

scopes-missing = Aplikasi belum memiliki scope yang mutlak diperlukan { -lectern }: { $names }.
    .fix = { -app-page } > Scopes > Add Scopes > { $scopes }; { -after-scopes } { -delay }

scopes-partial = Rapat dapat dijadwalkan. Yang tidak akan berfungsi: { $losses }.
    .fix = { -app-page } > Scopes > Add Scopes > { $scopes }; { -after-scopes } { -delay }

scopes-unknown = Zoom tidak menyebutkan scope aplikasi ini. Scope untuk menampilkan daftar pengguna serta membuat, mengubah, dan menghapus rapat ternyata ada setelah dicoba; selebihnya tidak diketahui.
    .fix = { -app-page } > Scopes: pastikan scope untuk pengguna, rapat, webinar, rekaman, dan laporan sudah ada. { -delay }

loss-read-users = host satu per satu tidak dapat dicari
loss-end-meetings = rapat yang sedang berlangsung tidak dapat diakhiri dari sini
loss-read-meetings = host tidak mendapat tautan untuk memulai rapat
loss-list-meetings = rapat yang dibuat Zoom tanpa memberi jawaban, atau yang dibuat langsung di Zoom, tidak ditemukan
loss-user-settings = jumlah orang yang muat dalam rapat seorang host tidak diketahui
loss-webinars = webinar tidak dapat diadakan
loss-recordings = rekaman tidak ditemukan
loss-reports = kehadiran tidak diketahui

## Checks: hosts

hosts = { $active } pengguna aktif, { $licensed } berlisensi{ $left-out ->
        [0] { "" }
       *[other] ; { $left-out } lainnya dilewati karena alamat emailnya tidak dapat dibaca
    }

no-licensed-host = { hosts }: rapat milik pengguna tanpa lisensi berakhir setelah 40 menit
    .fix = { -users-page } > Edit (pada pengguna yang menjadi host) > User Type: Licensed.

no-host = { hosts }: tidak ada yang dapat menjadi host rapat
    .fix = { -users-page } > Add Users: tambahkan atau aktifkan seorang pengguna untuk menjadi host rapat.

host-licensed = { $email } adalah pengguna berlisensi di akun ini.
host-basic = { $email } adalah pengguna basic di akun ini, yang rapatnya berakhir setelah 40 menit.
host-unlicensed = { $email } adalah pengguna akun ini tanpa lisensi.

host-offered = Tidak ada host yang disebutkan; { $email } ditawarkan lebih dahulu.

nobody-to-offer = Tidak ada pengguna aktif yang dapat ditawarkan sebagai host.
    .fix = { -users-page } > Add Users: tambahkan seorang pengguna untuk menjadi host rapat.

unknown-email = Tidak ada pengguna aktif di akun Zoom ini dengan alamat email { $email }.{ $offered ->
        [0] { "" }
       *[other] { " " }Yang paling mirip: { $nearest }.
    }
    .fix = Kirim alamat yang dipakai host untuk masuk ke Zoom, atau tambahkan { $email } di { -users-page } > Add Users dan pastikan undangannya diterima.

unknown-id = Tidak ada pengguna aktif di akun Zoom ini dengan ID { $id }.{ $offered ->
        [0] { "" }
       *[other] { " " }Yang paling mirip: { $nearest }.
    }
    .fix = Sebagai gantinya, kirim alamat email host sebagai `host_email`, seperti yang tertera di { -users-page }.

host-contradiction = `host_email` adalah pengguna { $id }, sedangkan `default_host_id` pengguna lain.
    .fix = Kirim salah satu saja, atau ID yang sesuai dengan alamat itu; tidak ada yang perlu diubah di Zoom.

host-gone = { $email } bukan lagi pengguna aktif di akun Zoom ini.
    .fix = { -users-page }: aktifkan kembali { $email }, atau pilih host utama yang lain di sini.

## Checks: webinars and capacity

webinars = Webinar hingga { $participants } peserta

no-webinar-plan = Paket { $email } tidak mencakup webinar: webinar tidak dapat diadakan dengan host ini.
    .fix = { -plans-page }: tambahkan Zoom Webinars; lalu { -users-page } > Edit ({ $email }) dan beri pengguna itu lisensi Webinars.

webinar-scopes-missing = Paketnya mencakup webinar, tetapi aplikasi tidak memiliki scope untuk itu.
    .fix = { -app-page } > Scopes > Add Scopes > { $scopes }; { -after-scopes } { -delay }

capacity = { $participants } peserta

webinars-unknown = Tidak diketahui apakah webinar dapat diadakan: { $why }.
capacity-unknown = Tidak diketahui berapa orang yang muat dalam satu rapat: { $why }.

settings-unreadable = aplikasi tidak boleh membaca pengaturan pengguna
    .fix = { -app-page } > Scopes > Add Scopes > { $scopes }; { -after-scopes } { -delay }
settings-refused = Zoom menolak ({ $words })
    .fix = Pengguna yang membuat aplikasi memerlukan peran yang boleh melihat pengaturan pengguna: { -roles-page }. { -delay }
settings-unanswered = Zoom tidak menjawab
    .fix = Aplikasi tidak perlu diubah; periksa lagi beberapa menit kemudian.

## Replies about connections

advice = { $detail } { $fix }

check-failed = Zoom tidak menerima aplikasi ini sebagaimana adanya; tidak ada yang disimpan. Setiap pemeriksaan yang gagal menyebutkan di `fix` apa yang harus diubah dan di mana; setelah itu kirim permintaan lagi.
check-interrupted = Zoom saat ini tidak dapat ditanya, sehingga aplikasi tidak diperiksa dan tidak ada yang disimpan. Kirim permintaan lagi beberapa detik kemudian.
check-interrupted-with-code = Zoom tidak dapat ditanya saat ini, sehingga aplikasi tidak diperiksa dan tidak ada yang disimpan. Kode otorisasi mungkin sudah terpakai: beberapa menit lagi, otorisasi ulang aplikasi dan kirim kode yang baru.

redirect-uri-contradiction = adalah { $sent }, sedangkan Zoom mengirim kode ke { $needed }; kirim alamat itu, persis sama

jwt-apps-ended = Zoom mengakhiri aplikasi JWT pada tahun 2023, sehingga API key dan API secret tidak berlaku lagi. Sebagai gantinya, buat aplikasi Server-to-Server OAuth (Zoom App Marketplace > Develop > Build App > Server-to-Server OAuth App) dan kirim Account ID, Client ID, dan Client secret-nya dengan metode `server_to_server`

connection-inactive = Koneksi { $name } ({ $id }) tidak aktif. Aktifkan koneksi ini, atau pilih yang lain.
connection-failed = Koneksi { $name } ({ $id }) tidak berfungsi lagi. { $advice }
app-refused = Zoom tidak lagi memberi token kepada aplikasi koneksi ini. Periksa koneksinya dengan POST /v1/connections/…/verify: pemeriksaan itu menyebutkan apa yang harus diubah di Zoom.

## Mails

failed-mail = Koneksi Zoom { $name } tidak berfungsi lagi
    .lead = Menurut pemeriksaan, Zoom tidak lagi berfungsi dengan koneksi { $name }.
    .fix = Yang perlu dilakukan
    .consequence = Sampai saat itu rapat baru tidak dapat dipesan dengannya; yang sudah dipesan tetap ada. Begitu Zoom berfungsi lagi dengannya, koneksi dipakai kembali dengan sendirinya.
    .because = Anda menerima email ini karena Anda yang menghubungkan aplikasi ini.

deauthorized-mail = Aplikasi koneksi Zoom { $name } dihapus di Zoom
    .lead = Akun Zoom di balik koneksi { $name } telah menghapus aplikasi. Koneksi tidak aktif lagi.
    .fix = Agar dapat dipakai lagi
    .consequence = Rahasianya sudah dihapus, begitu juga nama dan alamat host, daftar kehadiran, dan tautan rekaman. Rapat yang sudah dipesan tetap memakai waktunya; perubahan tidak dapat lagi disampaikan ke Zoom.
    .because = Anda menerima email ini karena Anda yang menghubungkan aplikasi ini.

overlap-mail = “{ $topic }” bertumpang tindih dengan jadwal lain di Zoom: { $moment }
    .lead = Host { $host } punya terlalu banyak jadwal pada waktu itu: sesuatu dibuat atau dipindahkan langsung di Zoom.
    .fix = Yang perlu dilakukan
    .advice = Pindahkan salah satunya, di sini atau di Zoom.
    .consequence = Sampai saat itu keduanya tetap seperti adanya.
    .because = Anda menerima email ini karena Anda yang menghubungkan aplikasi ini.

## Mails: dates and times

weekday =
    { $weekday ->
        [1] Senin
        [2] Selasa
        [3] Rabu
        [4] Kamis
        [5] Jumat
        [6] Sabtu
       *[7] Minggu
    }
    .short =
    { $weekday ->
        [1] Sen
        [2] Sel
        [3] Rab
        [4] Kam
        [5] Jum
        [6] Sab
       *[7] Min
    }

month =
    { $month ->
        [1] Januari
        [2] Februari
        [3] Maret
        [4] April
        [5] Mei
        [6] Juni
        [7] Juli
        [8] Agustus
        [9] September
        [10] Oktober
        [11] November
       *[12] Desember
    }
    .short =
    { $month ->
        [1] Jan
        [2] Feb
        [3] Mar
        [4] Apr
        [5] Mei
        [6] Jun
        [7] Jul
        [8] Agu
        [9] Sep
        [10] Okt
        [11] Nov
       *[12] Des
    }

day = { weekday }, { $day } { month } { $year }
moment = { weekday.short }, { $day } { month.short }, { $time }
hours = { $start }–{ $end }
    .overnight = { $start } – { $end }
day-and-hours = { $day }, { $hours }

days = { $days } hari
whole-hours = { $hours } jam
minutes = { $minutes } menit

countdown-minutes = { minutes } lagi
countdown-hours = { whole-hours } lagi
countdown-hours-minutes = { whole-hours } { minutes } lagi
countdown-today = hari ini
countdown-tomorrow = besok
countdown-days = { days } lagi

## Mails to those who attend

invitation-mail = Undangan: { $topic }, { $moment }
    .heading =
    { $kind ->
        [webinar] Undangan webinar
       *[meeting] Undangan rapat
    }
    .lead = Anda diundang ke “{ $topic }”.

update-mail = Perubahan: { $topic }, { $moment }
    .heading =
    { $kind ->
        [webinar] Perubahan: webinar ini diubah
       *[meeting] Perubahan: rapat ini diubah
    }
    .lead = “{ $topic }” telah diubah. Berikut keterangan terbarunya.

cancellation-mail = Dibatalkan: { $topic }, { $moment }
    .heading =
    { $kind ->
        [webinar] Dibatalkan: webinar ini tidak jadi diadakan
       *[meeting] Dibatalkan: rapat ini tidak jadi diadakan
    }
    .lead =
    { $kind ->
        [webinar] Webinar “{ $topic }” tidak jadi diadakan.
       *[meeting] Rapat “{ $topic }” tidak jadi diadakan.
    }

removal-mail = Tidak lagi diundang: { $topic }, { $moment }
    .heading =
    { $kind ->
        [webinar] Anda bukan lagi peserta webinar ini
       *[meeting] Anda bukan lagi peserta rapat ini
    }
    .lead =
    { $kind ->
        [webinar] Nama Anda telah dihapus dari daftar peserta webinar “{ $topic }”.
       *[meeting] Nama Anda telah dihapus dari daftar peserta rapat “{ $topic }”.
    }

reminder-mail = Pengingat: { $topic }, { $moment }
    .heading = Dimulai { $countdown }
    .lead = “{ $topic }” dimulai { $countdown }.

mail-preheader = { $heading }: { $moment }, { $zone }
mail-greeting = Halo { $name },
    .nameless = Halo,
mail-line = { $label }: { $value }
mail-when = Waktu
    .next = Jadwal berikutnya
    .cancelled = Semula dijadwalkan
mail-dates = { $count } jadwal mendatang
    .cancelled = { $count } jadwal dibatalkan
    .more = dan { $count } lainnya
mail-host = Tuan rumah
mail-number =
    { $kind ->
        [webinar] ID Webinar
       *[meeting] ID Rapat
    }
mail-passcode = Kode sandi
mail-agenda = Agenda
mail-join =
    { $kind ->
        [webinar] Ikuti webinar
       *[meeting] Ikuti rapat
    }
mail-start =
    { $kind ->
        [webinar] Mulai webinar
       *[meeting] Mulai rapat
    }
    .note = Zoom akan meminta Anda masuk sebagai tuan rumah.
mail-fallback = Jika tombol tidak berfungsi, buka tautan ini:
mail-forward = Tautan untuk peserta, dapat diteruskan:
mail-because =
    { $kind ->
        [webinar] Anda menerima email ini karena terdaftar sebagai peserta webinar ini.
       *[meeting] Anda menerima email ini karena terdaftar sebagai peserta rapat ini.
    }
    .host =
    { $kind ->
        [webinar] Anda menerima email ini karena Anda tuan rumah webinar ini.
       *[meeting] Anda menerima email ini karena Anda tuan rumah rapat ini.
    }
    .removed =
    { $kind ->
        [webinar] Anda menerima email ini karena sebelumnya terdaftar sebagai peserta webinar ini.
       *[meeting] Anda menerima email ini karena sebelumnya terdaftar sebagai peserta rapat ini.
    }
mail-unsubscribe = Berhenti menerima email ini

## The page on which one has no more mails

mails-page = Email tentang rapat
    .question = Berhenti menerima undangan, pengingat, dan email lain tentang rapat dan webinar dari platform belajar Anda?
    .stop = Jangan kirim email lagi
    .stopped = Anda tidak akan menerima email lagi tentang rapat dan webinar. Anda tetap dapat mengikutinya.
    .resume = Terima email lagi
    .on = Anda akan menerima email tentang rapat dan webinar.
    .unknown = Tautan ini tidak berlaku. Buka sekali lagi dari email, atau salin seluruhnya.
