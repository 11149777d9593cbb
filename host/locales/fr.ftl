# Tous les textes de l'administration. Chaque clé porte le même nom dans chaque langue.

## Le cadre
skip = Aller au contenu
nav-main = Principal
nav-overview = Aperçu
nav-activity = Activité
nav-store = Boutique
nav-waiting = en attente
role-owner = propriétaire
role-staff = personnel

## Moments
day = { $day } { $month } { $year }
month-1 = janv.
month-2 = févr.
month-3 = mars
month-4 = avr.
month-5 = mai
month-6 = juin
month-7 = juil.
month-8 = août
month-9 = sept.
month-10 = oct.
month-11 = nov.
month-12 = déc.
ago-now = à l'instant
ago-minutes = { $n ->
    [one] il y a { $n } minute
   *[other] il y a { $n } minutes
}
ago-hours = { $n ->
    [one] il y a { $n } heure
   *[other] il y a { $n } heures
}
ago-days = { $n ->
    [one] il y a { $n } jour
   *[other] il y a { $n } jours
}
in-minutes = { $n ->
    [one] dans { $n } minute
   *[other] dans { $n } minutes
}
in-hours = { $n ->
    [one] dans { $n } heure
   *[other] dans { $n } heures
}
in-days = { $n ->
    [one] dans { $n } jour
   *[other] dans { $n } jours
}

## Listes
pager = Pages
pager-first = Revenir au début
pager-next = Suivant

## Ce qui n'a pas marché
problem-unauthorized = Connectez-vous d'abord
problem-forbidden = Ceci ne vous est pas accessible
problem-not-found = Il n'y a rien ici
problem-bad-request = Ceci est illisible
problem-busy = Trop de choses à la fois
problem-failed = Cela n'a pas marché
problem-home = Aller à l'aperçu

## Aperçu
greeting-morning = Bonjour { $name }
greeting-afternoon = Bonjour { $name }
greeting-evening = Bonsoir { $name }

## Connexion et compte
sign-in = Se connecter
sign-in-lead = Avec l’adresse et le mot de passe de votre compte.
sign-in-help = Sans compte, ou sans mot de passe : demandez un lien au propriétaire de la boutique.
sign-out = Se déconnecter
email = Adresse e-mail
password = Mot de passe
code-title = Deuxième étape
code-lead = Saisissez le code que votre application d’authentification affiche, ou l’un de vos codes de secours.
code = Code
code-help = Application et codes perdus ? Seul l’opérateur, sur la machine de l’hôte, peut vous aider.
code-six = Code à six chiffres
your-name = Votre nom
new-password = Nouveau mot de passe
new-password-help = Au moins 15 caractères, 12 avec un second facteur. Quelques mots sans lien entre eux conviennent ; un gestionnaire de mots de passe est préférable.
new-password-again = Le même encore une fois
setup-title = Créez votre boutique
setup-lead = Cette page crée votre première boutique et votre compte. Le second facteur vient ensuite ; le tout prend deux minutes.
setup-store = La boutique
setup-store-name = Nom de la boutique
setup-currency = Devise
setup-currency-help = Le code de la devise de tous les prix, comme EUR ou USD. Il ne peut pas être changé plus tard.
setup-country = Pays, deux lettres
setup-zone = Fuseau horaire
setup-zone-help = Quand commence une journée de la boutique, par exemple Europe/Paris.
setup-you = Vous, propriétaire
setup-go = Créer la boutique
link-title = Votre lien
invite-title = Vous êtes invité à rejoindre { $store }
invite-lead = L’invitation est pour { $email }. Choisissez un mot de passe pour créer votre compte.
invite-has-account = Cette adresse a déjà un compte. Connectez-vous ; vous pourrez alors accepter l’invitation.
invite-go = Accepter l’invitation
reset-title = Définir un nouveau mot de passe
reset-lead = Pour { $email }. Tous les navigateurs sont déconnectés ; votre second facteur reste inchangé.
reset-go = Définir le mot de passe
enter-title = Se connecter en tant que { $name }
enter-lead = Ce lien a été affiché sur la machine de l’hôte. Il fonctionne une fois.
enter-go = Se connecter
factor-title = Votre second facteur
factor-lead = Un mot de passe peut être deviné, lu ou perdu. Avec un code de votre téléphone, il ne suffit plus à lui seul. Les propriétaires et les opérateurs en ont besoin.
factor-replaces = Ceci remplace votre second facteur actuel et ses codes de secours. Vos autres navigateurs sont déconnectés.
factor-scan = Scannez ceci avec une application d’authentification, comme Aegis, 2FAS, Google Authenticator ou votre gestionnaire de mots de passe.
factor-qr = Code QR de la clé ci-dessous
factor-by-hand = Saisir la clé à la main
factor-type = Saisissez le code que l’application affiche.
factor-go = Activer
codes-title = Conservez vos codes de secours
codes-lead = Chacun vous laisse entrer une fois quand vous n’avez pas votre téléphone. Imprimez-les ou gardez-les dans votre gestionnaire de mots de passe.
codes-once = Ils ne sont affichés qu’une fois.
codes-go = Je les ai conservés
confirm-title = Est-ce bien vous ?
confirm-lead = Ce que vous allez faire a du poids, et votre dernière preuve d’identité date un peu. Rien de ce que vous avez saisi n’est perdu.
confirm-proof = Votre mot de passe, ou un code de votre application d’authentification
confirm-go = Confirmer et continuer
account-own = Votre compte
account-about = À propos de vous
account-password = Mot de passe
account-set-password = Définir le mot de passe
account-factor = Second facteur
account-factor-why = Un mot de passe seul peut être volé à votre insu.
account-factor-set = Configurer
account-factor-anew = Configurer à nouveau
account-codes-left = { $count ->
    [one] Il reste un code de secours.
   *[other] Il reste { $count } codes de secours.
}
account-stores = Vos boutiques
account-no-stores = Votre compte n’appartient à aucune boutique. Demandez une invitation au propriétaire d’une boutique.
account-sessions = Où vous êtes connecté
language = Langue
language-browser = Celle du navigateur
theme = Thème
theme-system = Celui du système
theme-light = Clair
theme-dark = Sombre
save = Enregistrer
on = activé
off = désactivé
device = Navigateur
signed-in = Connecté
last-used = Dernière utilisation
acts = Actions
this-one = celui-ci
end = Terminer
session-end = Terminer la session de { $device }
sessions-end-others = Se déconnecter partout ailleurs

## Applications
nav-apps = Applications
apps-lead = Ce qui travaille dans votre boutique, ce que chacune peut faire, et ce qui existe d’autre.
apps-installed = Installées
apps-none = Aucune application n’est installée.
apps-none-next = Cherchez-en une ci-dessous ; vous voyez ce qu’elle pourra faire avant de l’installer.
apps-catalogue = Catalogue
apps-search = Nom, ou ce qu’elle fait
apps-catalogue-none = Il n’y a rien d’autre à installer ici.
apps-catalogue-none-next = L’opérateur de cet hôte publie des applications ; qui peut installer des applications peut aussi téléverser celles de la boutique.
apps-more = Seules les cent premières sont cherchées.
search = Chercher
app = Application
state = État
does = Ce qu’elle fait
version = Version
installed-by = Installée par
changed = Modifiée
app-private = votre propre envoi
app-running = en marche
app-paused = en pause
app-stopped = arrêtée par l’opérateur
app-uninstalled = désinstallée
app-upgrade-waits = mise à jour en attente
app-install-look = Voir et installer
app-look = Voir
app-stopped-why = L’opérateur de cet hôte a arrêté cette application :
app-pending = La version { $version } demande davantage et attend votre accord. Celle installée continue.
app-pending-look = Voir ce qui change
app-cut = Certains événements ne lui ont pas été transmis, car elle et d’autres applications se répondaient sans fin :
app-runs = Ses exécutions
app-settings = Réglages
app-access = Ce qu’elle peut faire
app-danger = L’arrêter
app-behind = { $behind } événements de retard, { $waiting } livraisons à réessayer, { $parked } abandonnées.
permission = Permission
terms = Conditions
granted = Accordée
grant-ended = terminée
grant-suspended = suspendue
grant-review = à revoir
grant-held = attend une approbation
grant-none = non accordée
used-today = aujourd’hui { $used }, reste { $left }
revoke = Retirer
revoke-this = Retirer : { $words }
pause = Mettre en pause
pause-reason = Pourquoi, pour les autres
pause-means = Elle s’arrête aussitôt. Ce qui se passe entre-temps peut être rattrapé ou sauté.
resume-catch-up = La relancer et rattraper
resume-skip = La relancer à partir de maintenant
uninstall = Désinstaller
uninstall-title = Désinstaller { $app } ?
uninstall-lead = Elle s’arrête aussitôt et perd toutes ses permissions. Ce qu’elle a modifié dans la boutique reste tel quel.
uninstall-storage = Son propre stockage est effacé : { $keys } clés, { $bytes } octets.
uninstall-settings = Ses réglages sont effacés : { $n }.
uninstall-records = Les traces de ses exécutions et modifications restent consultables.
uninstall-changes = { $n } enregistrements sont tels que cette application les a laissés.
uninstall-undo-first = Annuler d’abord ses modifications
undo-app = Annuler ce qu’elle a modifié…
settings-title = Réglages de { $app }
settings-none = Cette application n’a pas de réglages.
settings-lines = Un par ligne.
settings-json = En JSON.
settings-secret = Il est défini. Laissez vide pour ne pas le changer.
cancel = Annuler
optional = facultative

## Accord
consent-title = Installer { $app } ?
upgrade-title = Mettre à jour { $app } ?
consent-by = Par { $publisher }
consent-private = Votre propre envoi : aucun éditeur ne répond de son nom
consent-sees = Elle peut voir
consent-changes = Elle peut modifier
consent-spends = Elle peut dépenser, ou faire ce qui est irréversible
consent-nothing-new = Elle ne demande rien de plus
consent-nothing-new-why = La nouvelle version reçoit ce qui était accordé, et rien d’autre.
mark-personal = données personnelles
mark-money = déplace de l’argent
mark-irreversible = irréversible
consent-no-reason = Le développeur ne donne pas de raison.
consent-not-held = Vous ne détenez pas cette permission ; vous ne pouvez donc pas l’accorder. Quelqu’un qui la détient le peut.
consent-held = attend une approbation
consent-ends = prend fin
ends-never = jamais
ends-7 = dans 7 jours
ends-30 = dans 30 jours
ends-90 = dans 90 jours
ends-365 = dans un an
cap-sum-per-day = au plus par jour
cap-sum-per-order = au plus par commande
cap-per-day = fois par jour
cap-per-run = enregistrements par exécution
cap-max-change = changement de prix, % par jour
cap-max-delta = changement de stock par jour
cap-max-off = % de remise
cap-window = derniers jours seulement
consent-text = Le texte enregistré avec votre accord
consent-go = Installer avec ces permissions
upgrade-go = Mettre à jour avec ces permissions
consent-try = Voir ce qu’elle aurait fait
consent-look = Montrer ce que mes choix signifient
consent-recorded = Ce que vous voyez ici est enregistré mot pour mot.
consent-changed = Vous avez changé quelque chose. Voici ce que cela signifie ; lisez, puis confirmez.
consent-may-not = Vous pouvez voir les applications, mais pas les installer. Quelqu’un ayant la permission d’installer le peut.
consent-runs = Elle s’exécute
consent-on = quand ceci se produit :
consent-at = d’elle-même, à
consent-press = quand quelqu’un appuie sur « { $label } »
consent-checkout = pendant qu’un acheteur passe commande
consent-not-delivered = non transmis sans
consent-cannot = Ce qu’elle ne peut pas faire
consent-calls = Serveurs qu’elle appelle
consent-calls-means = Ce qu’elle peut voir, elle peut l’y envoyer. Chaque appel figure dans le journal de ses exécutions.
consent-calls-one = Elle peut appeler
consent-cannot-reach-others = Joindre un serveur qui ne figure pas ici, ou une autre boutique
consent-cannot-reach = Joindre un autre serveur, ou une autre boutique
consent-cannot-after = Quoi que ce soit après le retrait d’une permission, dès l’appel suivant
consent-cannot-all = Et { $n } autres choses
tried-title = Ce qu’elle aurait fait
tried-lead = Essayée { $runs } fois sur ce qui s’est passé dans votre boutique, avec exactement ces permissions. Rien n’a été modifié.
tried-no-changes = Modifications
tried-held = Exécutions qui attendraient une approbation
tried-capped = Arrêtée à votre limite
tried-denied = Refusée
tried-unused = Demandée, jamais utilisée

## Annuler
undo-this = Annuler ceci
undo-run = Annuler ce que cette exécution a modifié
held-approve = Tout approuver
held-reject = Rejeter
held-why = Pourquoi, dans vos propres mots
undo-title = Annuler des modifications ?
undo-lead = { $undone } modifications sur { $total } seraient annulées. Rien n’est encore fait.
undo-more = Il y en a plus que celles examinées.
undo-what = Ce qui se passerait
undo-act = Ce qui se passe
undo-remove = créé par elle, disparaît
undo-bring-back = supprimé par elle, revient
undo-restore = redevient ce qu’il était
undo-adjust = le stock est recompté
undo-left = Ce qui reste tel quel
undo-left-why = { $conflicts } ont été modifiés depuis, { $impossible } ne peuvent pas être annulés.
undo-keep-running = Laisser l’application en marche. Sinon elle est mise en pause, pour ne pas recommencer aussitôt.
undo-go = Les annuler
undo-nothing = Il n’y a rien que vous puissiez annuler.
undo-undone = Une annulation peut elle-même être annulée.
undo-running = Annulation en cours
undo-done = Les modifications sont annulées
undo-stopped = L’annulation s’est arrêtée
undo-count = { $undone } modifications sur { $records } enregistrements ; { $skipped } laissés.
undo-goes-on = Cela continue tout seul ; vous pouvez quitter cette page.
undo-see-changes = Voir les modifications
undo-the-undo = Revenir dessus…
look-again = Actualiser
record = Enregistrement
how-many = Combien
why = Pourquoi

## Personnes
factor-require = Exiger un second facteur de tous
factor-lift = N’exiger un second facteur que des propriétaires
factor-require-means = Qui n’en a pas ne voit alors rien de la boutique avant d’en avoir configuré un. Les propriétaires en ont toujours besoin.
seeing = Vous voyez ceci comme { $name }. Rien ne peut être modifié pendant ce temps.
seeing-stop = Arrêter
see-as = Voir l’administration comme cette personne
nav-people = Personnes
people-lead = Qui travaille dans cette boutique, ce que chacun peut faire, et comment il entre.
people-add = Ajouter une personne
people-add-lead = Elle fait sa part du travail et rien d’autre. Vous ne pouvez rien donner que vous ne détenez.
people-add-go = Ajouter, et créer l’invitation
person = Personne
person-name = Son nom
role = Rôle
n-permissions = { $n ->
    [one] { $n } permission
   *[other] { $n } permissions
}
n-things = { $n ->
    [one] { $n } chose
   *[other] { $n } choses
}
last-sign-in = Dernière connexion
never = jamais
never-signed-in = jamais connecté
invited = invité
no-account = sans compte
start-from-role = Partir d’un rôle
role-none = Aucun rôle, seulement ce qui est coché ci-dessous
not-yours-to-give = vous ne pouvez pas la donner
invited-title = { $name } est invité
invited-lead = Donnez ce lien à { $email }, et à personne d’autre. Il permet de choisir un mot de passe et d’avoir un compte.
link-until = Il est valable jusqu’au
link-once = Il fonctionne une fois et n’est plus affiché. Il commence par l’adresse de cette page jusqu’à la première barre oblique simple.
to-person = Vers cette personne
reset-for = Un nouveau mot de passe pour { $name }
reset-for-lead = Donnez-lui ce lien. Il permet de choisir un nouveau mot de passe ; le second facteur reste inchangé, et tous ses navigateurs sont déconnectés.
you = vous
person-may = Ce qu’elle peut faire
person-set = Définir ce qu’elle peut faire
person-at-once = Cela compte aussitôt, pour elle et pour toute application qui agit pour elle.
person-owner = Un propriétaire détient toutes les permissions. Cela ne peut pas être réduit.
person-can = Peut
person-can-nothing = Rien du tout.
person-cannot = Ne peut pas
person-way = Son accès
invited-until = Invitée jusqu’au
invite = Créer une invitation
reset-start = Lancer un nouveau mot de passe
remove = Retirer
remove-means = Ses sessions et jetons prennent fin aussitôt, et les applications cessent d’agir pour elle. Ce qu’elle a accordé est à revoir.
remove-person = Retirer { $name }

overview-calm = Rien n'attend de décision. Tout a marché tout seul.
overview-decide = { $n ->
    [one] Une chose attend une décision. Le reste a marché tout seul.
   *[other] { $n } choses attendent une décision. Le reste a marché tout seul.
}
overview-yours = Ce que vous pouvez voir de cette boutique se trouve à gauche.
overview-waiting = En attente de votre décision
overview-day = Dernières 24 heures
overview-hours = La même chose, heure par heure
overview-apps = Apps
overview-no-apps = Aucune app n'est installée
overview-no-apps-next = Une app s'exécute dès que quelqu'un qui en a le droit a accepté ce qu'elle demande.
overview-more-apps = Les { $n } premières apps sont affichées.
tag-proposal = proposition
tag-upgrade = mise à jour
tag-ending = expire
tag-stopped = arrêtée
tag-paused = en pause
tag-failing = en échec
tag-parked = abandonné
decide-proposal = { $n ->
    [one] propose un changement
   *[other] propose { $n } changements
}
decide-proposal-more = Expire { $when } si personne ne décide
decide-review = Examiner
decide-upgrade = { $version } demande votre accord
decide-upgrade-more = { $version } continue entre-temps
decide-stopped = a été arrêtée par l'exploitant de cet hôte
decide-paused = est en pause et ne s'exécute pas
decide-failing = a échoué dans { $failed } de { $runs } exécutions
decide-failing-more = En 24 heures ; les exécutions disent pourquoi
decide-look = Regarder
decide-ending = peut utiliser { $scope } moins d'une semaine encore
decide-ending-more = Expire le { $when }, sauf si quelqu'un qui a ce droit l'accorde à nouveau
decide-parked = { $n ->
    [one] n'a pas été informée d'un événement
   *[other] n'a pas été informée de { $n } événements
}
decide-parked-more = Chaque essai a échoué ; réessayez ou abandonnez
stat-runs = { $apps ->
    [one] exécutions d'une app
   *[other] exécutions de { $apps } apps
}
stat-changes = changements
stat-changes-undone = changements, { $n } annulés
stat-denied-none = appels refusés
stat-denied = { $apps ->
    [one] appels refusés, d'une app
   *[other] appels refusés, de { $apps } apps
}
stat-cpu = CPU, médiane ; p99 { $p99 }
chart-runs = Exécutions par heure
chart-changes = Changements par heure
chart-denied = Appels refusés par heure
chart-cpu = CPU d'une exécution médiane par heure
state-active = active
state-paused = en pause
state-stopped = arrêtée par l'hôte
state-gone = désinstallée
col-sort = Genre
col-what = Ce qui attend
col-go = Où décider
col-hour = Dès
col-app = App
col-state = État
col-runs = Exécutions
col-failed = Échecs
col-denied = Refus
col-changes = Changements
col-p99 = p99
col-cpu = CPU médiane
col-last = Dernière

## Activité
tab-runs = Exécutions
tab-changes = Changements
tab-held = En attente
tab-audit = Audit
crumbs = Où se trouve cette page
filters = Filtres
filter-go = Afficher
export-csv = Exporter en CSV
filter-clear = Tout afficher
filter-call = Appel à l'hôte
filter-record = Enregistrement, par son identifiant
filter-scope = Permission utilisée ou refusée
filter-version = Version de l'application
filter-text = Mots de son journal ou de son erreur
filter-person = Personne
filter-run = Exécution
filter-denied = seulement avec des appels refusés
filter-act = Ce qui a été fait
filter-subject = À quoi ou à qui
since-ever = n'importe quand
since-hour = la dernière heure
since-day = les dernières 24 heures
since-week = les 7 derniers jours
since-month = les 30 derniers jours
any-app = toutes les apps
any-outcome = n'importe lequel
col-when = Quand
col-since = Depuis
col-cause = Pourquoi
col-outcome = Résultat
col-calls = Appels
col-took = Durée
col-call = Appel
col-scope = Permission
col-decision = Décision
col-level = Niveau
col-text = Texte
col-field = Champ
col-before = Avant
col-after = Après
col-who = Qui
col-changed = Ce qui a changé
col-run = Exécution
col-act = Acte
col-subject = À quoi ou à qui
col-detail = Détails

## Exécutions
runs-title = Exécutions des apps
runs-lead = Chaque fois qu'une app s'est exécutée : pourquoi, comment cela a fini, et ce qu'elle a fait.
runs-none = Aucune app ne s'est encore exécutée
runs-none-next = Une exécution apparaît ici dès qu'il se passe quelque chose qu'une app installée écoute.
runs-none-such = Rien ne correspond à ces filtres
runs-none-such-next = Retirez-en un, ou remontez plus loin.
run-for = pour { $name }
cause-schedule = horaire
cause-action = bouton « { $name } »
cause-checkout = paiement
outcome-ok = fait
outcome-not-handled = rien à faire
outcome-denied = refusé
outcome-failed = échec
outcome-trapped = planté
outcome-timeout = hors délai
outcome-limit = limite dépassée
outcome-conflict = conflit
outcome-cut = coupé
outcome-busy = pas de place
outcome-host-error = échec de l'hôte
tag-denied = { $n ->
    [one] un appel refusé
   *[other] { $n } appels refusés
}
live-pause = Pause
live-go = Reprendre
live-lost = La connexion est perdue ; le navigateur se reconnecte.

## Une exécution
run-sentence = { $app } s'est exécutée
run-sentence-subject = { $app } s'est exécutée pour { $subject }
run-sentence-person = { $app } s'est exécutée pour { $person }
run-sentence-both = { $app } s'est exécutée pour { $subject }, à la demande de { $person }
subject-order = la commande { $number }
run-version = version { $version }
run-took = { $wall }, dont { $cpu } de CPU
run-attempt = essai { $n }
run-held = Ce qu'elle a proposé attend, ou attendait, une décision
run-calls = Appels
run-no-calls = Elle n'a fait aucun appel
run-no-calls-next = Une app peut finir sans toucher à la boutique.
run-more-calls = { $n ->
    [one] Un appel de plus a été fait ; les cent premiers de chaque exécution sont notés.
   *[other] { $n } appels de plus ont été faits ; les cent premiers de chaque exécution sont notés.
}
run-log = Ce qu'elle a écrit
run-dropped-lines = { $n ->
    [one] Une ligne de plus a été omise.
   *[other] { $n } lignes de plus ont été omises.
}
run-changes = Changements
run-no-changes = Elle n'a rien changé.
run-changes-hidden = { $n ->
    [one] Elle a changé un enregistrement. Qui détient changes:view voit lequel.
   *[other] Elle a changé { $n } enregistrements. Qui détient changes:view voit lesquels.
}
run-changes-waiting = { $n ->
    [one] Un changement n'est pas au journal : il attend, n'a pas été approuvé, ou est plus ancien que le journal.
   *[other] { $n } changements ne sont pas au journal : ils attendent, n'ont pas été approuvés, ou sont plus anciens que le journal.
}
run-all-changes = Tous ses changements
run-json = La même chose en JSON
copy = Copier
copied = Copié
call-ok = permis
call-denied = refusé
call-denied-why = pas accordé
call-limit = limité
call-limit-why = au-delà d'un plafond ou d'une limite
call-interrupted = coupé
call-interrupted-why = l'exécution a fini avant
call-failed = échec
call-began = Commencé après { $when }

## Changements
changes-title = Changements des données
changes-lead = Ce que les apps et les personnes ont changé. Presque tout peut être annulé.
changes-none = Rien n'a encore été changé
changes-none-next = Tout ce qu'une app ou une personne change apparaît ici, avant et après.
changes-none-such = Rien ne correspond à ces filtres
changes-and-more = { $n ->
    [one] { $record } et un autre enregistrement
   *[other] { $record } et { $n } autres enregistrements
}
change-sentence = { $n ->
    [one] { $who } a changé un enregistrement
   *[other] { $who } a changé { $n } enregistrements
}
change-run = Voir l'exécution
change-nothing = Aucun champ ne diffère.
change-hidden = Données personnelles : visibles pour qui détient { $scope }
change-erased = Les données personnelles de ce changement ont été effacées.
change-undone = Ce changement a été annulé depuis.
change-undoes = Ceci a annulé un changement antérieur.
change-stale = Quelqu'un a changé cet enregistrement depuis : la proposition ne peut pas être approuvée telle quelle.
change-more-fields = { $n ->
    [one] Un autre champ diffère.
   *[other] { $n } autres champs diffèrent.
}
tag-undo = annule
tag-undone = annulé
tag-undone-some = { $n } sur { $all } annulés
who-app-for = { $app } pour { $person }
who-host = l'hôte
act-created = créé
act-changed = changé
act-deleted = supprimé
act-create = serait créé
act-change = serait changé
act-delete = serait supprimé
kind-order = Commande
kind-order-contact = Données personnelles de la commande
kind-customer = Client
kind-customer-contact = Données personnelles du client
kind-product = Produit
kind-stock = Stock de
kind-cart = Panier
kind-cart-contact = Données personnelles du panier
kind-cart-links = Liens du panier
kind-category = Catégorie
kind-gift-card = Carte cadeau
kind-discount = Remise
kind-location = Lieu
kind-tax-rate = Taux de taxe
kind-page = Page
kind-settings = Réglages de la boutique
record-lead = Tous ses changements, les plus récents d'abord.
record-none = Le journal n'en connaît aucun changement
record-none-next = Il est peut-être plus ancien que le journal, ou son adresse est mal écrite.

## En attente
held-title = Ce qui attend quelqu'un
held-lead = Des changements que des apps proposent et ne peuvent pas faire seules. Rien n'en est fait avant l'accord de quelqu'un.
held-none = Rien n'attend
held-none-next = Une app propose, sans le faire, ce qui lui a été accordé avec « retenir pour approbation ».
held-none-such = Il n'y en a pas
held-waiting = en attente
held-approved = approuvé
held-rejected = rejeté
held-lapsed = expiré
held-until = expire le { $when }
held-approved-by = approuvé par { $by }, { $when }
held-rejected-by = rejeté par { $by }, { $when }
held-lapsed-at = expiré le { $when }
held-by = Proposé par
held-made = Depuis
held-then = Jusqu'à
held-for = Permission retenue
held-needs = Pour approuver, il faut
held-reason = Raison
held-sentence = { $n ->
    [one] { $app } propose un changement
   *[other] { $app } propose { $n } changements
}
held-whole = C'est approuvé ou rejeté en entier.
held-set = Voir ce qui a été changé
held-over = L'approuver dépasse ce que cette app peut faire aujourd'hui. Seul un propriétaire peut le permettre :
held-changes = Ce qui changerait
held-changes-none = C'est décidé : ce qui était proposé n'est plus retenu.

## Audit
audit-title = Changements de pouvoir
audit-lead = Qui a installé, accordé, révoqué, ajouté ou retiré quoi. Les entrées ne changent jamais.
audit-none = Il n'y a pas une telle entrée
audit-checkpoint = Point de contrôle de { $at }, jusqu’à l’entrée { $seq }.
audit-no-checkpoint = Cet hôte n’a pas encore signé de point de contrôle de ce journal.
audit-verify = Vérifier ce journal
audit-verify-title = Ce journal est-il celui qui a été écrit ?
audit-verify-lead = Chaque entrée est relue : correspond-elle à son empreinte, et suit-elle la précédente ?
audit-verified = Vérifié jusqu’à l’entrée { $last }.
audit-intact = Intact
audit-not-intact = Altéré
audit-not-intact-next = Demandez à qui exploite cet hôte de garder une copie de la base telle qu’elle est, et de chercher qui pouvait y écrire.
audit-chained-later = { $n } des entrées lues sont antérieures à la chaîne et n’y étaient pas inscrites à l’origine.
audit-unchained = { $n } entrées antérieures ne sont pas encore chaînées ; l’hôte s’en occupe.
audit-verify-on = Vérifier la suite
audit-verify-back = Retour au journal
audit-fault-changed = L’entrée { $seq } ({ $id }) n’est pas celle qui a été écrite, ou ne suit pas la précédente.
audit-fault-detail = Le détail de l’entrée { $seq } ({ $id }) n’est pas celui qui a été écrit.
audit-fault-brought-back = Des données personnelles effacées de l’entrée { $seq } ({ $id }) s’y trouvent de nouveau.
audit-fault-missing = L’entrée { $seq } manque.
audit-fault-added = À l’entrée { $seq } ({ $id }) se trouve quelque chose qui n’a jamais été écrit.
audit-fault-cut-off = Le journal finit à l’entrée { $seq }, avant le point qu’un point de contrôle signé atteste.
audit-fault-rewritten = L’entrée { $seq } ({ $id }) n’est pas celle qu’un point de contrôle signé atteste.
audit-fault-end = La fin du journal n’est pas là où elle est notée, à l’entrée { $seq }.
audit-fault-unreadable = Ce qui se trouve à l’entrée { $seq } ne se lit pas comme une entrée.

## Boutique
orders-title = Commandes
orders-lead = Les plus récentes d'abord. À qui elles sont se voit pour qui en a le droit.
orders-none = Il n'y a pas encore de commande
orders-none-next = Une commande apparaît ici dès que quelqu'un achète quelque chose.
orders-anything = n'importe lequel
filter-tag = Étiquette
filter-customer = Client
col-order = Commande
col-status = Statut
col-payment = Paiement
col-fulfillment = Colis
col-total = Total
col-tags = Étiquettes
col-sku = SKU
col-title = Quoi
col-quantity = Quantité
col-sent = Envoyé
col-price = Prix
order-title = Commande { $number }
order-lines = Ce qui a été acheté
order-subtotal = Articles avant remises
order-discount = Remise
order-discounts = Ce qui a été déduit
order-discount-of = Remise
order-discount-by = Code ou application
order-discount-on = Sur
order-cart = Panier
order-captured = Encaissé
order-refunded = Remboursé
order-customer = Client
order-created = Commandé
order-cancelled = Annulée parce que
order-parcels = Colis
order-refunds = Argent rendu
order-history = Historique
order-history-all = Tout son historique
order-history-hidden = Son historique est pour qui détient changes:view.
status-draft = brouillon
status-open = ouverte
status-cancelled = annulée
payment-pending = non payée
payment-authorized = autorisée
payment-paid = payée
payment-partially-refunded = remboursée en partie
payment-refunded = remboursée
fulfillment-unfulfilled = à envoyer
fulfillment-partial = envoyée en partie
fulfillment-fulfilled = envoyée

## Personnes : qui travaille ici, qui possède la boutique, rôles et règlement
yes = oui
no = non
suspended = suspendu
suspended-means = Cette personne ne peut plus rien faire ici jusqu’à sa réintégration, et aucune application ne peut agir pour elle. Ce qu’elle a accordé à des applications est à réexaminer.
suspend = Suspendre
suspend-means = Cette personne ne pourra plus rien faire ici dès sa prochaine action, jusqu’à ce que vous la réintégriez. Son compte et ses jetons restent. Ce qu’elle a accordé à des applications sera à réexaminer.
suspend-person = Suspendre { $name }
reinstate = Réintégrer avec ses permissions
rename = Renommer
person-until = jusqu’au
last-day = Dernier jour
last-day-means = À la fin de ce jour, cette personne perd ses permissions ici. Laissez vide si aucune fin n’est connue.
last-day-set = Fixer le dernier jour
sessions-end-theirs = Déconnecter partout
ownership = Propriété
ownership-offer = Proposer la propriété
ownership-offer-means = Un propriétaire détient toutes les permissions et peut retirer des personnes, vous compris. Il y a sept jours pour accepter, et il faut un second facteur.
ownership-hand-over = Céder la boutique : dès l’acceptation, je détiens ce que le personnel peut détenir et n’en suis plus propriétaire
ownership-offer-person = Proposer la propriété à { $name }
ownership-offered = Vous pouvez devenir propriétaire de { $store }
ownership-offered-by = { $name } propose la propriété.
ownership-hands-over = { $name } cède la boutique et n’en sera plus propriétaire dès l’acceptation.
ownership-owner-means = Un propriétaire détient toutes les permissions et répond de ce que font ici les personnes et les applications.
ownership-until = Valable jusqu’au
ownership-accept = Accepter
ownership-decline = Refuser
ownership-withdraw = Retirer la proposition
ownership-end = Mettre fin à la propriété
ownership-end-means = Cette personne détiendra alors ce que le personnel peut détenir, et pourra être retirée comme tout le monde. Une boutique a toujours un propriétaire.
ownership-end-person = Mettre fin à la propriété de { $name }
roles-title = Rôles
roles-lead = Un rôle est un point de départ : le choisir coche ce qu’il propose, et personne ne change quand il change.
who-can-what = Qui peut faire quoi
roles-own = Vos propres rôles
roles-none = Il n’y en a pas encore. Créez-en un pour ce que font plusieurs personnes.
role-make = Créer un rôle
role-title = Intitulé
role-own = un rôle de cette boutique
role-delete = Supprimer { $title }
rules-title = Règlement
rules-lead = Tout le monde sauf les propriétaires le lit et l’accepte avant de travailler ici, à la première connexion et à chaque changement.
rules-body = Le règlement
rules-means = Jusqu’à 8 000 caractères. Laissez vide pour ne pas en avoir. Le journal d’audit note qui a accepté quelle version.
rules-set = Fixer le règlement
rules-version = C’est la version { $n }.
welcome-title = Bienvenue chez { $store }
welcome-lead = Avant de commencer : voici ce que vous pouvez faire ici, et ce que vous ne pouvez pas.
welcome-begin = Commencer
welcome-accept = Accepter le règlement et commencer
welcome-noted = Il est noté que vous avez lu ceci.

## E-mail
mail-sent = Le lien est parti par e-mail. Vous pouvez aussi le transmettre vous-même.
mail-server = L’e-mail n’est pas parti : le serveur de messagerie ne l’a pas accepté. Transmettez ce lien vous-même.
mail-address = L’e-mail n’est pas parti : rien ne peut être envoyé à cette adresse. Transmettez ce lien vous-même.
mail-too-many = L’e-mail n’est pas parti : trop d’e-mails ont été envoyés en une heure. Transmettez ce lien vous-même.
mail-invite-subject = { $store } vous invite
mail-invite-body =
    Bonjour,

    { $by } vous invite à travailler chez { $store }. Ouvrez ce lien pour commencer ; il sert une seule fois, jusqu’au { $until } :

    { $link }

    Si vous n’attendez rien de tel, ne l’ouvrez pas : il ne se passera rien.
mail-reset-subject = Un nouveau mot de passe pour { $store }
mail-reset-body =
    Bonjour,

    { $by } a lancé un nouveau mot de passe pour votre compte. Ouvrez ce lien pour le choisir ; il sert une seule fois, jusqu’au { $until } :

    { $link }

    Si vous n’avez rien demandé, demandez pourquoi à { $by }. Votre mot de passe reste le même tant que le lien n’a pas servi.

## Devices
account-devices = Appareils
account-devices-lead = Les navigateurs avec lesquels vous vous êtes connecté. Celui que vous oubliez est déconnecté, et redevient nouveau dès que quelqu’un s’y connecte.
account-password-now = Votre mot de passe actuel
confirm-lead-all = Changer votre façon de vous connecter demande tout ce que la connexion demande : votre mot de passe et, si vous en avez, un code ou une clé d’accès. Ce que vous avez saisi est conservé ici.
devices-new = { $n ->
    [one] Un nouvel appareil s’est connecté à votre compte.
   *[other] { $n } nouveaux appareils se sont connectés à votre compte.
  }
devices-not-yours = Si ce n’était pas vous, oubliez l’appareil ici et choisissez un autre mot de passe.
devices-mine = C’était moi
devices-look = Voir vos appareils
device-new = nouveau
device-first = Première connexion
device-forget = Oublier { $device }
forget = Oublier
device-waiting = attend une confirmation
person-device-waits = un appareil attend
device-confirmed = confirmé
device-confirm = Confirmer
device-confirm-one = Confirmer { $device }
device-withdraw = Retirer
device-withdraw-one = Retirer { $device }
devices-require = N’accepter que les appareils confirmés
devices-lift = Accepter tous les appareils
devices-require-means = Si c’est activé, une personne qui se connecte avec un nouvel appareil ne voit rien de la boutique tant que quelqu’un qui gère l’équipe ne l’a pas confirmé sur sa page. Les appareils déjà utilisés comptent comme confirmés. Les propriétaires entrent avec n’importe quel appareil.
device-waits-title = Cet appareil attend une confirmation
device-waits-lead = { $store } n’accepte que les appareils que quelqu’un y a confirmés.
device-waits-ask = Demandez à la personne qui gère l’équipe de { $store } d’ouvrir votre page sous Personnes et de confirmer { $device }.
device-waits-again = Réessayer
refused-device-unconfirmed = cette boutique confirme les appareils de son équipe, et celui-ci ne l’est pas ; faites-le d’abord confirmer
refused-whole-proof-required = changer votre façon de vous connecter demande votre mot de passe et votre second facteur, montrés dans les cinq dernières minutes
mail-device-subject = Un nouvel appareil s’est connecté à votre compte
mail-device-body =
    Bonjour { $name },

    un appareil nouveau pour votre compte s’y est connecté : { $device }, { $at }.

    Si c’était vous, il n’y a rien à faire. Sinon, ouvrez cette page, oubliez l’appareil et choisissez un autre mot de passe :

    { $link }

## Settings of a store
nav-settings = Réglages
tab-retention = Conservation
tab-tokens = Vos jetons
tab-storefront = La vitrine
n-days = { $n ->
    [one] { $n } jour
   *[other] { $n } jours
}
store-title = Réglages
store-lead = Ce qu’est cette boutique. Cela a été choisi à sa création.
store-country = Pays
store-low-stock = Le stock est bas en dessous de
store-id = Identifiant, pour l’API
store-factor-all = Tous ceux qui travaillent ici ont besoin d’un second facteur.
store-factor-owners = Les propriétaires ont besoin d’un second facteur ; le personnel a le choix.
store-factor-change = Le changer sous Personnes
email-title = E-mail
email-on = Les invitations et les liens vers un nouveau mot de passe partent par e-mail, et sont montrés à qui les crée.
email-off = Aucun serveur de messagerie n’est connu : les liens sont montrés à qui les crée, pour être transmis. L’opérateur en indique un au démarrage de l’hôte.
retention-lead = Combien de jours les enregistrements de cette boutique sont conservés. Ce qui est plus ancien disparaît de lui-même.
retention-usage = Exécutions des applications
retention-usage-means = Ce que les applications ont fait, appel par appel, avec leurs journaux.
retention-journal = Changements des données
retention-journal-means = Qui a changé quoi. Un changement disparu ne peut plus être annulé.
retention-events = Événements
retention-events-means = Ce qui est annoncé aux applications. Elles l’apprennent d’abord ; ensuite cela disparaît.
retention-hold = Changements en attente d’approbation
retention-hold-means = Ce que les applications proposent. Ce dont personne n’a décidé d’ici là devient caduc.
retention-shorter = Une durée plus courte efface ce qui est plus ancien, pour de bon.
retention-owner = Seul un propriétaire de la boutique peut changer cela.
retention-no-number = « { $what } » demande un nombre entier de jours, et « { $typed } » n’en est pas un ; écrivez par exemple 90
tokens-lead = Un jeton permet à un programme d’agir en votre nom, par l’API. Il ne peut jamais faire plus que vous, et prend fin avec vous.
tokens-none = Il n’y a pas de jeton
tokens-none-next = Créez-en un quand un programme, un script ou la ligne de commande doit travailler pour vous.
tokens-nothing-ticked = Rien n’est coché : le jeton ne pourrait rien faire ; cochez ce qu’il doit faire, ou laissez-lui tout ce que vous pouvez faire
token-name = Nom
token-name-help = À quoi il sert, pour savoir plus tard auquel mettre fin.
token-lives = Il prend fin après
token-can = Ce qu’il peut faire
token-all = tout ce que vous pouvez faire
token-all-mine = Tout ce que je peux faire, aussi ce qui me sera accordé plus tard
token-only = Seulement ce qui est coché ci-dessous
token-choose = Choisir les autorisations
token-make = Créer le jeton
token-new = Créer un jeton
token-ends = Fin
token-forever = Il ne prend pas fin de lui-même
token-end = Mettre fin à { $name }
fresh-title = Jeton { $name }
fresh-lead = Donnez-le au programme auquel il est destiné, et à personne d’autre.
fresh-once = Il n’est montré que cette fois. Qui l’a peut s’en servir jusqu’à sa fin.
storefront-lead = Avec un tel jeton, la vitrine de la boutique enregistre paniers et commandes payées, et interroge les applications au moment du paiement. Il ne peut rien d’autre.
storefront-none-next = Créez-en un quand vous reliez le site sur lequel on achète.

## All stores, for the operator
nav-host = Toutes les boutiques
nav-switch = Changer de boutique
nav-own-store = Votre boutique
role-operator = opérateur
host-stores = Boutiques
host-stores-lead = Toutes les boutiques de cet hôte. Ce qu’elles contiennent est à ceux qui y travaillent : vous ne le voyez jamais ici.
host-new-store = Nouvelle boutique
host-new-store-lead = Vous la créez et invitez son propriétaire, qui décide de tout le reste.
host-no-stores = Il n’y a pas de boutique
host-no-stores-next = Créez la première et invitez son propriétaire.
host-owner = Son propriétaire
host-make-store = Créer la boutique
host-made = { $store } est créée
host-to-store = Vers la boutique
host-awaited = { $name }, son propriétaire, n’est pas encore venu
host-link-ended = Son lien a pris fin.
host-invite-anew = Inviter de nouveau
host-one-store = Boutique
store-open = ouverte
store-suspended = suspendue
store-suspended-why = Cette boutique est suspendue :
col-made = Création
col-id = Identifiant
host-day = Exécutions des dernières 24 heures
host-store-no-apps = Aucune application n’est installée ici
host-store-no-apps-next = Son propriétaire installe des applications sous Applications, dans la boutique.
host-private = téléversée par elle-même
host-stopped = arrêtée par vous
host-paused = en pause, par la boutique
host-pending = { $version } attend un accord
host-stop-store = Suspendre la boutique
host-suspend-means = Son équipe et sa vitrine sont refusées, et ses applications s’arrêtent, aussitôt. Rien n’est perdu : à la reprise, chacun continue où il en était.
host-suspend-why = Pourquoi ; tous ceux qui sont refusés le liront
host-suspend = Suspendre la boutique
host-resume-means = Chacun continue avec ce qu’il a. Les applications apprennent ce qui s’est passé entre-temps.
host-resume = Reprendre la boutique
host-apps-lead = Toutes les applications de cet hôte, qui que ce soit qui les a téléversées, et comment elles se portent dans toutes les boutiques.
host-no-apps = Personne n’a encore téléversé d’application
host-no-apps-next = Donnez un jeton à un éditeur, sous Éditeurs. Il téléverse avec, et vous décidez ici de ce que les boutiques peuvent installer.
host-newest = Dernière version
host-visible = Vue par les boutiques
host-in-stores = Installée dans
host-uploaded-by = téléversée par { $store }
host-uploader = téléversée par une boutique pour elle-même
host-uploaded = Téléversée
host-not-published = non publiée
host-published = publiée
n-of-versions = { $n } sur { $all } versions
n-stopped = arrêtée dans { $n }
n-paused = en pause dans { $n }
host-versions = Versions
host-every-version = toutes les versions
host-asks-for = Demande
host-asks-nothing = aucune autorisation
host-publish = Publier
host-withdraw = Retirer
host-publish-means = Toute boutique peut voir et installer ce qui est publié. Ce qui est retiré ne peut plus être installé, et continue là où il est.
host-where = Où elle est installée
host-nowhere = Aucune boutique ne l’a installée
host-nowhere-next = Une fois qu’une version est publiée, les boutiques la trouvent sous Applications.
host-stop-app = L’arrêter partout
host-stop-means = Aucune exécution ne commence, aucune en cours ne change quoi que ce soit, et elle ne peut être installée, jusqu’à ce que vous la laissiez reprendre. Ce que les boutiques ont décidé reste tel quel.
host-stop-why = Pourquoi ; les propriétaires le liront
host-stop = L’arrêter partout
host-start = La laisser reprendre
host-app-is-stopped = Vous en avez arrêté toutes les versions :
host-version-is-stopped = Vous avez arrêté la version { $version } :
host-stops = Arrêts
host-stops-lead = Ce que vous avez arrêté parce que c’est mauvais, et pourquoi. Pour laisser reprendre, ouvrez-le.
host-stops-now = Seulement ce qui est arrêté maintenant
host-stops-all = Montrer aussi ceux qui ont pris fin
host-no-stops = Rien n’est arrêté
host-no-stops-next = Une application s’arrête sur sa page sous Applications, une boutique sur la sienne sous Boutiques.
host-what = Quoi
host-ended = terminé
host-publishers = Éditeurs
host-publishers-lead = Qui développe des applications pour cet hôte. Ils téléversent avec un jeton, et les boutiques voient ce qu’ils téléversent une fois que vous l’avez publié.
host-publisher = Éditeur
host-no-publishers = Il n’y a pas d’éditeur
host-no-publishers-next = Créez le premier ci-dessous, et donnez le jeton à qui développe les applications.
host-store-has-name = une boutique a ce nom
host-no-token = aucun jeton valable
host-until = jusqu’au
host-new-publisher = Créer un jeton pour un éditeur
host-publisher-name = Nom de l’éditeur
host-publisher-help = 3 à 40 caractères parmi a-z, 0-9 et le trait d’union. Les identifiants de ses applications commencent par lui. Un nouveau nom crée un nouvel éditeur.
host-tokens = Jetons
host-tokens-lead = Un jeton permet à un programme d’agir sur cet hôte comme vous, par l’API. Les personnes se connectent plutôt avec leur compte.
host-tokens-none-next = Créez-en un quand un programme ou la ligne de commande doit agir sur l’hôte.
host-audit = Audit
host-audit-lead = Ce qui a été fait des pouvoirs de cet hôte : boutiques, applications, éditeurs et jetons. Les entrées ne changent jamais.
host-health = Santé
health-lead = Si cet hôte va bien, en ce moment.
health-good = bon
health-bad = à vous de voir
health-work = Travail
health-well = La base de données répond, et l’hôte peut écrire ce qu’il lui faut.
health-silent = La base de données ne répond pas : { $cause }
health-silent-help = Vérifiez qu’elle tourne et qu’on peut la joindre ; l’hôte reprend de lui-même dès qu’elle répond.
health-full = Le disque est plein : il reste { $left } Mio.
health-full-help = Faites de la place sur le disque du dossier de données.
health-unwritable = L’hôte ne peut pas écrire : { $cause }
health-unwritable-help = Vérifiez le disque, et qui peut écrire dans le dossier de données.
health-about-database = Base de données
health-database = { $engine }, tables à l’étape { $step }
health-unsafe = { $engine } tourne avec { $setting } : une panne de courant pourrait perdre des données confirmées.
health-unsafe-help = Activez-le dans la configuration du serveur.
health-step = { $engine } : tables à l’étape { $step }, et cette version connaît l’étape { $newest }.
health-step-help = Faites tourner la même version sur chaque hôte de cette base.
health-apart = La base de données sépare elle-même les lignes de chaque boutique.
health-unbound = « { $role } » est superutilisateur ou a BYPASSRLS : la base ne sépare pas elle-même les boutiques.
health-unbound-help = Utilisez un rôle ordinaire, propriétaire des tables ; sur l’ordinateur de l’hôte, doctor dit comment.
health-backups = Sauvegardes
health-backup = La plus récente date du { $at }.
health-backup-none = Aucune n’a encore été prise.
health-backup-failed = La dernière a échoué : { $cause }.
health-backup-help = Un nouvel essai a lieu chaque minute ; le journal dit quand elle réussit.
health-backup-late = Aucune n’a été prise depuis ; voyez le journal de l’hôte.
health-more = Sur l’ordinateur de l’hôte, `storehand doctor` vérifie aussi fichiers, mémoire et adresses.
## Boutique : ce que disent toutes ses pages
sheet-acts = Ce que vous pouvez faire
sheet-changed-by = Dernière modification par { $who }
sheet-run = exécution { $run }
sheet-never-changed = Le journal n’en contient aucune modification. Ce qui dépasse la durée de conservation a disparu.
sheet-none-other = Qui a le droit d'en créer le fait ici.
sheet-done = C'est fait.
sheet-same = Rien n'a changé : c'était déjà ainsi.
sheet-see-change = Voir la modification
sheet-undo = Revenir en arrière
sheet-once = Ceci n'est affiché qu'une fois. Copiez-le avant de quitter cette page.
sheet-to-it = Vers sa page
fact-created = Créé
fact-updated = Dernière modification
field-tags = Étiquettes, une par ligne
act-tag = Ajouter une étiquette
act-untag = Retirer une étiquette
usable-yes = utilisable
usable-no = non utilisable
open-yes = ouvert
open-no = fermé
consent-yes = accepte les offres
consent-no = pas d'offres
buyer-title = De qui il s'agit
buyer-means = Nom, e-mail, téléphone et adresse. Votre consultation est inscrite au journal d'audit.
buyer-show = Afficher les données personnelles
buyer-noted = Votre consultation est inscrite au journal d'audit.
buyer-nothing = Rien n'est connu
buyer-name = Nom
buyer-phone = Téléphone
buyer-address = Adresse
buyer-street = Rue et numéro
buyer-postcode = Code postal
buyer-city = Ville
buyer-region = Région ou État, s'il y a lieu
buyer-country = Pays, en deux lettres, par exemple FR
find-title = Recherche
find-lead = Les commandes par leur numéro ; les produits par une partie de leur titre ou de leur SKU.
find-what = Ce que vous cherchez
find-go = Chercher
find-customers = Aussi les clients, par nom ou e-mail. Votre consultation est inscrite au journal d'audit.
find-none = Rien n'a été trouvé.
find-more = Il y en a peut-être d'autres. Saisissez-en davantage pour préciser la recherche.
find-not-customers = Les clients n'ont pas été cherchés. Cochez la case ci-dessus pour chercher aussi dans leurs noms et adresses e-mail.
find-wrong = Saisissez 1 à 100 caractères de ce que vous cherchez.

## Boutique : commandes
col-amount = Montant
col-goods = Contenu
col-carrier = Transporteur
col-tracking = Numéro de suivi
tracking-url = Lien de suivi, commençant par https
order-fulfill = Marquer comme envoyée
order-fulfill-means = Enregistre un colis. Les applications qui en informent les acheteurs s'exécutent alors. Mettez 0 pour envoyer une ligne plus tard.
order-send-line = Combien de { $sku }
order-tag-means = Les étiquettes aident à retrouver les commandes. Les acheteurs ne les voient pas.
order-untag-means = La commande reste inchangée par ailleurs.
order-note = Note interne
order-note-set = Écrire la note interne
order-note-means = Les acheteurs ne la voient pas. Une note vide la supprime.
order-note-unseen-means = Remplace la note existante, s'il y en a une ; une note vide la supprime. Les acheteurs ne la voient pas.
order-capture = Encaisser le paiement
order-capture-means = Enregistre que ce montant du total a été encaissé.
order-refund = Rembourser
order-refund-means = Au plus { $left } peuvent encore être remboursés. L'argent parti ne revient pas de lui-même.
order-cancel = Annuler la commande
order-cancel-means = Rien n'en sera envoyé. Une commande annulée ne rouvre pas. L'argent encaissé n'est pas rendu pour autant : remboursez-le aussi.
order-restock = Remettre ses articles en stock
order-delete = Supprimer la commande
order-delete-means = La commande et les données personnelles qu'elle contient sont supprimées.
print-slip = Bon de livraison
print-picks = Liste de prélèvement
print-label = Étiquette d'adresse
print-back = Retour à la commande
print-go = Imprimer
print-how = Imprimez avec votre navigateur
print-done = Prélevé
print-nothing = Il ne reste rien à envoyer
print-nothing-next = Tout le contenu de cette commande a été envoyé. Le bon de livraison l'énumère en entier.
print-no-address = Aucune adresse n'est connue pour cette commande.
col-left = À envoyer

## Boutique : produits et stock
products-title = Produits
products-lead = Ce qui est vendu, à quel prix, et si les acheteurs le voient.
products-none = Il n'y a pas encore de produit
products-none-next = Créez le premier ci-dessous. Les acheteurs ne le voient qu'une fois publié.
col-product = Produit
col-variant = Variante
col-former-price = Ancien prix
col-category = Catégorie
product-published = publié
product-draft = masqué
product-variants = Variantes et prix
product-stock = Voir le stock
product-description = Description
product-create = Créer un produit
product-create-means = Avec une variante. Les acheteurs ne le voient qu'une fois publié.
product-price = Changer un prix
product-price-means = Les acheteurs le paient dès maintenant ; les commandes passées gardent le leur. L'ancien prix est affiché barré ; laissez-le vide pour n'en afficher aucun.
product-update = Changer le titre, la description et les étiquettes
product-update-means = Les acheteurs lisent aussitôt le titre et la description, si le produit est publié.
product-publish = Publier
product-publish-means = Les acheteurs le voient et peuvent l'acheter dès maintenant.
product-unpublish = Masquer aux acheteurs
product-unpublish-means = Les acheteurs ne le voient plus. Les commandes ne sont pas touchées.
product-assign = Choisir ses catégories
product-assign-means = Le produit est dans celles qui sont cochées, et dans aucune autre.
product-delete = Supprimer le produit
product-delete-means = Ses niveaux de stock sont supprimés avec lui. Les commandes gardent leurs lignes.
price-from = dès { $price }
n-variants = { $n ->
    [one] { $n } variante
   *[other] { $n } variantes
}
inventory-title = Stock
inventory-lead = Combien il y a de chaque SKU à chaque emplacement.
inventory-none = Aucun stock n'est encore enregistré
inventory-none-next = Ouvrez un produit, choisissez une variante et comptez combien il y en a.
col-location = Emplacement
col-available = Disponible
filter-below = Moins de
level-title = { $sku } à { $place }
level-adjust = Ajuster d'une différence
level-adjust-means = Pour ce qui est arrivé, cassé ou perdu. Les ventes qui ont lieu entre-temps comptent aussi.
level-delta = Différence, par exemple 5 ou -2
level-count = Fixer à ce qui a été compté
level-count-means = Le niveau est désormais ce nombre, quel qu'il ait été auparavant.
level-new = Compter { $sku } à { $place }

## Boutique : clients et paniers
customers-title = Clients
customers-lead = Les plus anciens d'abord. Leur identité est affichée sur leur page, à qui en a le droit.
customers-none = Il n'y a pas encore de client
customers-none-next = Un client apparaît ici dès que quelqu'un crée un compte dans la boutique. Vous pouvez aussi en créer un ci-dessous.
col-customer = Client
customer-consent = Offres
customer-consent-set = Enregistrer l'accord aux offres
customer-consent-means = N'enregistrez que ce que le client a dit. Les applications qui envoient des offres s'y tiennent.
customer-agreed = A accepté de recevoir des offres
customer-create = Créer un client
customer-create-means = Remplissez ce que vous savez. Une adresse e-mail appartient à un client au plus.
customer-contact = Changer les données personnelles
customer-contact-means = Remplace le tout : un champ laissé vide est supprimé. Les commandes passées gardent l'adresse avec laquelle elles l'ont été.
customer-tag-means = Les étiquettes aident à retrouver les clients. Ils ne les voient pas.
customer-untag-means = Le client reste inchangé par ailleurs.
customer-delete = Supprimer le client
customer-delete-means = Avec ses données personnelles. Les commandes restent, sans le client.
carts-title = Paniers
carts-lead = Ce que les acheteurs ont réuni, et ce qu’ils ont abandonné.
carts-none = Il n'y a pas encore de panier
carts-none-next = Un panier apparaît ici dès qu'un acheteur y met quelque chose.
col-cart = Panier
cart-title = Panier { $id }
cart-open = ouvert
cart-abandoned = abandonné
cart-ordered = commandé
cart-things = Articles
cart-lines = Ce qu'il contient
cart-discounts = Remises
cart-left = Laissé
cart-discount = Ajouter une remise
cart-discount-means = L'acheteur trouve la remise dans le panier à son retour.
cart-restore = Créer un lien vers lui
cart-restore-means = Le lien ramène son acheteur au panier ; quiconque a le lien le voit. Un panier abandonné est rouvert quand son acheteur revient.
cart-link = Envoyez à l'acheteur ce chemin, sous l'adresse de la boutique :

## Boutique : cartes cadeaux, remises, catégories, emplacements, taxes, pages
giftcards-title = Cartes cadeaux
giftcards-lead = Ce qui reste sur chacune. Un code est affiché une fois, à l'émission de sa carte.
giftcards-none = Il n'y a pas encore de carte cadeau
giftcards-none-next = Émettez la première ci-dessous.
col-card = Carte
card-title = Carte cadeau …{ $last }
card-balance = Solde
card-initial = Valeur initiale
card-expires = Se termine
card-code = Le code de la nouvelle carte cadeau :
card-issued = Carte cadeau émise
card-issue = Émettre une carte cadeau
card-issue-means = Le code est de l'argent : quiconque l'a peut le dépenser. Il est affiché une fois, sur la page qui suit.
card-deactivate = Désactiver la carte
card-deactivate-means = Plus personne ne peut l'utiliser. Ce qu'elle portait reste enregistré.
discounts-title = Remises
discounts-lead = Les codes que saisissent les acheteurs, et ce que chacun déduit.
discounts-none = Il n'y a pas encore de remise
discounts-none-next = Créez la première ci-dessous.
discount-code = Code
discount-name = Titre
discount-off = Déduit
discount-percent = Pourcentage, de 1 à 100
discount-amount = Ou un montant
discount-percent-off = { $n } %
discount-max-uses = Nombre de commandes qui peuvent l'utiliser
discount-max-uses-each = Nombre de commandes d'un même client qui peuvent l'utiliser
discount-minimum = À partir d'un montant d'articles de
discount-products = Produits concernés, un identifiant par ligne
discount-categories = Catégories concernées, un identifiant par ligne
discount-combines = Cumulable avec d'autres remises
discount-alone = Non cumulable avec d'autres remises
discount-enabled = Les acheteurs peuvent l'utiliser tout de suite
discount-starts = Commence
discount-ends = Se termine
discount-create = Créer une remise
discount-create-means = Remplissez un pourcentage ou un montant.
discount-update = Changer la remise
discount-update-means = Les paniers qui ont son code reçoivent la nouvelle.
discount-enable = Activer
discount-enable-means = Les acheteurs peuvent utiliser le code dès maintenant.
discount-disable = Désactiver
discount-disable-means = Les acheteurs ne peuvent plus utiliser le code. Les commandes passées avec lui ne sont pas touchées.
discount-delete = Supprimer la remise
discount-delete-means = Les paniers qui ont son code le gardent.
categories-title = Catégories
categories-lead = Comment les produits sont regroupés. Une catégorie peut se trouver sous une autre.
categories-none = Il n'y a pas encore de catégorie
categories-none-next = Créez la première ci-dessous, puis mettez-y des produits depuis leurs pages.
category-parent = Sous
category-top = tout en haut
category-below = Les catégories en dessous
category-products = Les produits qu'elle contient
category-create = Créer une catégorie
category-create-means = Elle est d'abord vide.
category-update = Renommer ou déplacer
category-update-means = Les produits et les catégories qu'elle contient suivent.
category-delete = Supprimer la catégorie
category-delete-means = Seule une catégorie vide peut être supprimée : sans produits, et sans catégories en dessous.
locations-title = Emplacements
locations-lead = Où les articles sont stockés.
locations-none = Il n'y a pas encore d'emplacement
locations-none-next = Créez le premier ci-dessous.
location-name = Nom
location-active = En service
location-default = Les articles retournés
location-is-default = vont ici
location-stock = Le stock à cet emplacement
location-create = Créer un emplacement
location-create-means = Son stock est d'abord vide.
location-update = Renommer, fermer ou ouvrir
location-update-means = À un emplacement fermé, aucun stock ne peut être ajusté. Ce qui s'y trouve reste enregistré.
taxes-title = Taxes
taxes-lead = Un taux pour chaque zone et classe.
taxes-none = Il n'y a pas encore de taux de taxe
taxes-none-next = Créez le premier ci-dessous. Demandez à votre comptable ceux qu'il vous faut.
tax-name = Nom
tax-zone = Zone, par exemple FR ou US-CA
tax-class = Classe, par exemple standard
tax-rate = Pourcentage
tax-create = Créer un taux de taxe
tax-create-means = La boutique en ligne et les applications s'y tiennent désormais.
tax-update = Changer le taux de taxe
tax-update-means = La boutique en ligne et les applications s'y tiennent désormais ; les commandes passées gardent ce qui a été facturé.
tax-delete = Supprimer le taux de taxe
tax-delete-means = Sa zone et sa classe sont de nouveau libres.
webpages-title = Pages
webpages-lead = Les pages du site : la boutique, la livraison, les retours.
webpages-none = Il n'y a pas encore de page
webpages-none-next = Créez la première ci-dessous.
webpage-name = Titre
webpage-path = Adresse sous celle de la boutique, par exemple about
webpage-body = Texte, en Markdown
webpage-published = Les acheteurs peuvent la lire
webpage-create = Créer une page
webpage-create-means = Les acheteurs la lisent une fois publiée.
webpage-update = Changer la page
webpage-update-means = Les acheteurs voient aussitôt le changement, si elle est publiée.
webpage-delete = Supprimer la page
webpage-delete-means = Son adresse est de nouveau libre.
## Passkeys
passkeys = Clés d’accès
passkeys-why = Une clé d’accès est conservée par votre téléphone, votre ordinateur ou une clé de sécurité, et s’ouvre avec une empreinte, un visage ou un code PIN. Elle suffit pour vous connecter, et aucune page qui imite celle-ci ne peut s’en servir.
passkey-made = Créée
passkey-used = dernière utilisation
passkey-unused = jamais utilisée
passkey-name = Nom d’une nouvelle clé d’accès
passkey-name-such = Mon téléphone
passkey-add = Ajouter une clé d’accès
passkey-remove = Retirer la clé d’accès { $name }
passkey-nowhere = Une clé d’accès est liée à un nom, et cette page a été ouverte par une adresse IP : ouvrez-la par le nom de cet hôte, en https ou avec localhost.
passkey-make = Créer une clé d’accès
passkey-make-lead = Elle s’appellera « { $name } ». Votre navigateur demande où la conserver. Vos autres navigateurs seront déconnectés.
passkey-make-go = La créer maintenant
passkey-script = Les clés d’accès ont besoin de JavaScript, que votre navigateur n’exécute pas ici. Une application d’authentification fonctionne sans.
passkey-not-made = Aucune clé d’accès n’a été créée. Réessayez, ou choisissez un autre appareil.
passkey-use = Utiliser une clé d’accès
passkey-failed = Cela n’a pas fonctionné : aucune clé d’accès n’a été présentée, ou cet hôte n’a pas pu en demander une. Réessayez, ou choisissez un autre moyen.
sign-in-passkey = Se connecter avec une clé d’accès
factor-or-passkey = Utiliser plutôt une clé d’accès
factor-beside = Vos clés d’accès restent. Vous recevrez de nouveaux codes de secours, et les codes actuels ne seront plus valables. Vos autres navigateurs seront déconnectés.
account-factor-app = Configurer une application d’authentification
## Ce que les permissions autorisent
scope-orders-view = Voir les commandes, sans les coordonnées des clients
scope-orders-pii = Voir les noms, e-mails, téléphones et adresses des commandes
scope-orders-create = Créer des commandes et des brouillons
scope-orders-edit = Modifier les commandes : notes, étiquettes, articles avant paiement
scope-orders-fulfill = Marquer les commandes comme expédiées, ajouter un suivi
scope-orders-cancel = Annuler des commandes
scope-orders-capture = Encaisser des paiements
scope-orders-refund = Rembourser des paiements
scope-orders-delete = Supprimer des commandes
scope-carts-view = Voir les paniers ouverts et abandonnés, sans les coordonnées des clients
scope-carts-edit = Modifier les paniers : ajouter une remise, restaurer
scope-customers-view = Voir les clients, sans leurs données personnelles
scope-customers-pii = Voir les noms, e-mails, téléphones et adresses des clients
scope-customers-edit = Créer et modifier des clients
scope-customers-delete = Supprimer des clients
scope-products-view = Voir les produits et les prix
scope-products-edit = Créer des produits ; modifier titres, textes, images et statut
scope-products-price = Changer les prix
scope-products-delete = Supprimer des produits
scope-categories-view = Voir les catégories
scope-categories-edit = Modifier les catégories
scope-inventory-view = Voir les niveaux de stock
scope-inventory-adjust = Ajuster les niveaux de stock
scope-giftcards-view = Voir les cartes cadeaux et leurs soldes
scope-giftcards-issue = Émettre et désactiver des cartes cadeaux
scope-discounts-view = Voir les remises et les codes promo
scope-discounts-edit = Créer et modifier des remises
scope-discounts-delete = Supprimer des remises
scope-reports-sales = Voir les rapports de ventes
scope-pages-view = Voir les pages
scope-pages-edit = Créer, modifier et supprimer des pages
scope-settings-view = Voir les réglages de la boutique
scope-taxes-view = Voir les taux de taxe
scope-taxes-edit = Créer, modifier et supprimer des taux de taxe
scope-locations-view = Voir les lieux de stockage
scope-locations-edit = Modifier les lieux de stockage
scope-checkout-discount = Accorder des remises aux paniers lors du paiement
scope-apps-view = Voir les applications installées et ce qu’elles peuvent faire
scope-apps-install = Installer, mettre à jour, configurer et retirer des applications ; accorder et révoquer
scope-apps-pause = Mettre en pause et relancer des applications
scope-apps-run = Appuyer sur les boutons d’une application
scope-usage-view = Voir les journaux d’exécution des applications
scope-changes-view = Voir le journal des modifications
scope-changes-undo = Annuler des modifications, dans la mesure où l’on pourrait les faire soi-même
scope-changes-approve = Approuver ou rejeter ce que proposent les applications, dans la mesure où l’on pourrait le faire soi-même
scope-audit-view = Voir le journal d’audit
scope-tokens-manage = Créer et révoquer ses propres jetons d’API
scope-staff-view = Voir le personnel et ce que chacun peut faire
scope-staff-manage = Ajouter et retirer du personnel, accorder des permissions
scope-billing-view = Voir la formule et ce qui en a été utilisé
scope-plan-change = Demander une autre formule
scope-store-close = Tout télécharger et fermer la boutique
scope-storefront-intake = Enregistrer les paniers et les commandes payées des acheteurs
scope-storefront-checkout = Interroger les applications lors du paiement
group-sales = Ventes
group-catalog = Catalogue de produits
group-marketing = Promotion
group-reports-analytics = Rapports et analyses
group-website = Site web
group-store-settings = Réglages de la boutique
group-at-checkout = Lors du paiement
group-apps-and-their-records = Les applications et leurs traces
group-the-owner-s-own = Réservé au propriétaire
group-the-shop-s-front = La vitrine de la boutique

## Rôles proposés
role-store-manager = Responsable de boutique
role-store-manager-does = Le travail courant sur les commandes, les clients, les produits et le stock ; ne supprime et ne rembourse rien, et voit les applications sans les modifier
role-fulfilment-agent = Préparateur de commandes
role-fulfilment-agent-does = Voit les commandes avec les adresses et les expédie ; ne modifie rien d’autre
role-marketing-manager = Responsable marketing
role-marketing-manager-does = S’occupe des remises et lit les rapports de ventes ; voit les paniers et les produits
role-accountant = Comptable
role-accountant-does = Lit les commandes, les rapports et les taux de taxe ; ne modifie rien
role-designer = Graphiste
role-designer-does = S’occupe du site et de ses pages ; voit les produits, sans en modifier aucun
role-developer = Développeur
role-developer-does = Travaille sur le site, appuie sur les boutons des applications, lit ce qu’elles ont fait et crée des jetons pour des programmes ; n’installe rien
role-app-manager = Gestionnaire d’applications
role-app-manager-does = Installe des applications et s’en occupe, et leur accorde ce qui ne touche ni aux données personnelles, ni à l’argent, ni à rien d’irréversible ; ce qu’il faut de plus, le propriétaire l’accorde
role-app-operator = Surveillant d’applications
role-app-operator-does = Met en pause et relance des applications, lit ce qu’elles ont fait et l’annule dans la mesure de ses propres permissions ; n’installe rien

## Conditions d’une permission, et ce que comptent les limites
bound-a-day = { $amount } par jour
bound-on-one-order = { $amount } par commande
bound-in-one-run = { $amount } par exécution
bound-on-a-price = { $amount } de plus ou de moins sur un prix par jour
bound-on-a-stock-level = { $amount } de plus ou de moins sur un stock par jour
bound-off = { $amount } de remise
bound-the-last = période de { $amount } jusqu’à aujourd’hui
amount-times = { $n ->
    [one] { $n } fois
   *[other] { $n } fois
}
amount-records = { $n ->
    [one] { $n } enregistrement
   *[other] { $n } enregistrements
}
amount-percent = { $n } %
amount-pieces = { $n ->
    [one] { $n } pièce
   *[other] { $n } pièces
}
amount-days = { $n ->
    [one] { $n } jour
   *[other] { $n } jours
}
term-at-most = au plus { $bound }
term-of-only = seulement la { $bound }
term-no-cap = autant qu’elle veut
term-held = seulement après l’approbation d’une personne
term-until = jusqu’au { $moment }

## Le texte enregistré avec un accord, et pourquoi un accord est refusé
given-install = Installer { $name } { $version } ({ $app })
given-upgrade = Mettre à jour vers { $name } { $version } ({ $app })
given-allow = Autoriser { $name } { $version } ({ $app })
given-private = Privée : cette boutique l’a téléversée pour elle-même, et aucun éditeur ne répond de son nom
given-sees = Elle peut voir :
given-changes = Elle peut modifier :
given-spends = Elle peut dépenser, ou faire ce qui est irréversible :
given-more-sees = En plus, elle peut voir :
given-more-changes = En plus, elle peut modifier :
given-more-spends = En plus, elle peut dépenser, ou faire ce qui est irréversible :
given-not-granted = Elle demande aussi ceci, et ne l’obtient pas :
given-more-not-granted = Elle demande désormais ceci, et ne l’obtient pas :
given-events = Événements qu’elle recevra : { $list }
given-events-unseen = Événements qu’elle ne recevra pas, faute de la permission : { $list }
given-more-events = Événements qu’elle recevra en plus, si elle en a la permission : { $list }
given-schedules = Elle s’exécute d’elle-même à : { $list }
given-more-schedules = En plus, elle s’exécute d’elle-même à : { $list }
given-buttons = Elle ajoute les boutons : { $list }
given-lost = Elle ne demande plus ceci, et le perd :
given-lost-events = Événements qu’elle ne recevra plus : { $list }
given-lost-schedules = Elle ne s’exécute plus d’elle-même à : { $list }
given-lost-buttons = Elle retire les boutons : { $list }
given-retained = Cette version reçoit ce qui était déjà accordé :
given-hosts = Elle peut appeler ces serveurs hors de la boutique, et leur envoyer ce qu’elle peut voir :
given-more-hosts = Elle peut en outre appeler ces serveurs hors de la boutique, et leur envoyer ce qu’elle peut voir :
given-lost-hosts = Elle ne peut plus appeler ces serveurs :
given-all-hosts = Tous les serveurs hors de la boutique qu’elle peut alors appeler :
given-nothing-else-outside = Elle ne peut rien faire d’autre dans cette boutique, et n’atteint rien d’autre au-dehors.
given-nothing-else = Elle ne peut rien faire d’autre dans cette boutique, et n’atteint rien au-dehors.
given-rest-stays = Tout le reste demeure accordé comme avant.
consent-not-asked = l’application ne demande pas `{ $scope }` ; seul ce qu’elle demande peut être accordé
consent-required = l’application ne peut pas se passer de `{ $scope }` ; accordez-la, ou laissez l’application telle quelle
consent-not-a-person = seule une personne de la boutique peut accorder des permissions
consent-not-theirs = vous ne pouvez pas accorder `{ $scope }` : nul ne peut accorder ce que lui-même, ou le jeton qu’il utilise, ne détient pas ; { $remedy }
consent-waits = l’application a `{ $scope }`, que vous ne détenez pas, et une nouvelle version est un nouveau code : elle attend quelqu’un qui détient tout ce qu’a l’application
consent-other-text = ce qui vous a été montré n’est pas ce qui serait accordé ; ouvrez la page à nouveau
consent-other-code = la version n’est pas celle que vous avez regardée ; ouvrez la page à nouveau
consent-installed-already = `{ $app }` est déjà installée ; mettez-la à jour, ou désinstallez-la d’abord
consent-checkout-alone = `{ $app }` ne travaille que lors du paiement ; il lui faut `checkout:discount`
tried-stopped = C’était trop long : seule une partie de ce qui s’est passé a été essayée.

## Permissions manquantes, et ce qui y remédierait
denied-never = `{ $scope }` ne peut jamais être accordée à une application
denied-not-granted = `{ $scope }` n’a pas été accordée à l’application
denied-not-held = vous n’avez pas la permission `{ $scope }`
denied-another-person = la personne qui a lancé cette exécution, ou le jeton qu’elle a utilisé, n’a pas la permission `{ $scope }`
denied-owner-alone = seul le propriétaire de la boutique a la permission `{ $scope }`
denied-storefront-alone = seul un jeton de vitrine a la permission `{ $scope }`
denied-no-storefront = un jeton de vitrine ne peut pas avoir la permission `{ $scope }`
denied-narrow-token = vous avez la permission `{ $scope }`, mais ce jeton a été limité à moins
denied-old-token = vous avez la permission `{ $scope }`, mais ce jeton a été créé avant que vous ne la receviez
denied-ended = la permission `{ $scope }` a pris fin le { $moment }
denied-suspended = la permission `{ $scope }` est suspendue : qui l’a accordée ne peut plus l’accorder, et elle devait être revue avant le { $moment }
denied-paused = l’application est en pause ou retirée
denied-no-longer-staff = la personne ne fait plus partie du personnel de cette boutique
denied-app-stopped = l’application est arrêtée sur cet hôte
denied-store-suspended = l’opérateur de cet hôte a suspendu cette boutique
denied-store-closing = cette boutique est en cours de fermeture, et rien ne peut y être modifié
remedy-grant = accordez `{ $scope }` à l’application{ $command }
remedy-ask-owner = demandez au propriétaire la permission `{ $scope }`
remedy-owner-alone = demandez au propriétaire de le faire
remedy-storefront-token = utilisez un jeton de vitrine
remedy-owner-token = utilisez le jeton du propriétaire
remedy-staff-token = utilisez le jeton d’une personne de la boutique
remedy-wider-token = utilisez l’un de vos jetons qui comprend `{ $scope }`
remedy-newer-token = utilisez l’un de vos jetons plus récents, ou demandez au propriétaire un jeton qui comprend `{ $scope }`
remedy-renew = { $why } ; renouvelez-la{ $command }
remedy-review = { $why } ; demandez à quelqu’un qui détient `{ $scope }` de la renouveler{ $command }
remedy-resume = { $why }{ $command }
remedy-ask-why-stopped = { $why } ; demandez pourquoi à l’opérateur{ $command }
remedy-ask-why-suspended = { $why } ; adressez-vous à lui
remedy-reopen = { $why } ; son propriétaire peut la conserver : dans les réglages, ou avec `storehand store reopen`

## Mots de passe refusés : ce qui ne va pas, et ce qui aide
weak-short = { $is ->
    [one] le mot de passe a { $is } caractère, il en faut au moins { $least } ; ajoutez quelques mots
   *[other] le mot de passe a { $is } caractères, il en faut au moins { $least } ; ajoutez quelques mots
}
weak-long = le mot de passe a plus de { $most } caractères ; choisissez-en un plus court
weak-common = beaucoup de gens ont utilisé ce mot de passe, il est donc essayé en premier ; choisissez-en un autre, par exemple quatre mots sans lien entre eux
weak-context = le mot de passe n’est guère plus que `{ $word }`, que tenterait quiconque vous connaît ou connaît la boutique ; ajoutez des mots sans lien avec l’un ni l’autre
weak-guessable = { $what } ; { $helps }
weak-keys = le mot de passe suit des touches voisines, ce qui se devine tôt
weak-repeats = le mot de passe se répète, ce qui l’allonge sans le rendre plus difficile à deviner
weak-sequences = le mot de passe suit l’ordre des lettres ou des chiffres, ce qui se devine tôt
weak-dates = le mot de passe repose sur une date ou une année, et il y en a peu
weak-words = le mot de passe est un mot ou un nom, qui figurent dans les listes essayées en premier
weak-near-common = le mot de passe ressemble à un autre que beaucoup de gens ont utilisé, et qui est essayé en premier
weak-few-attempts = le mot de passe serait deviné en trop peu d’essais
weak-help-words = ajoutez deux ou trois mots sans lien avec lui
weak-help = choisissez quatre mots sans lien entre eux, ou laissez un gestionnaire de mots de passe en créer un

## Refus, chacun en une phrase qui dit ce qui aiderait
refused-not-found = cela n’existe pas, ou pas dans cette boutique ; la navigation mène à ce qui existe
refused-unauthorized = personne n’est connecté ici, ou plus maintenant ; connectez-vous
refused-forbidden = ceci n’est pas permis à qui le demande :
refused-unreadable = ce qui a été envoyé n’est pas lisible ; revenez en arrière, rouvrez la page et envoyez-le de là
refused-too-large = ce qui a été envoyé est trop volumineux ; envoyez-en moins à la fois
refused-invalid = ceci n’a pas été accepté ; la raison n’existe qu’en anglais :
refused-limit = ceci dépasserait une limite ; laquelle n’est dit qu’en anglais :
refused-taken = une valeur qui doit être unique est déjà prise ; laquelle n’est dit qu’en anglais :
refused-outdated = ce qui serait modifié a changé depuis la proposition de l’application, qui ne peut donc être approuvée telle quelle ; rejetez-la, ou laissez l’application proposer à nouveau
refused-conflict = quelqu’un d’autre modifiait la même chose ; regardez ce qu’il en est, puis réessayez
refused-share = la part de la boutique dans ce que cet hôte fait à la fois est épuisée ; attendez un instant, puis réessayez
refused-busy = tout ce que cet hôte peut faire à la fois est pris ; réessayez dans un instant
refused-too-many-reads = trop de longues listes de cette boutique sont lues à la fois ; attendez que l’une se termine, ou demandez-en moins
refused-too-long = cette lecture est trop longue ; réduisez la période ou précisez le filtre
refused-too-slow = l’hôte n’a pas fini à temps, et l’on ne sait pas si c’est fait ; regardez avant de réessayer
refused-stopping = l’hôte est en train de s’arrêter ; réessayez dans un instant
refused-disk = l’hôte ne peut pas écrire, rien n’a donc été modifié ; l’opérateur doit y remédier
refused-database = la base de données ne répond pas ; réessayez bientôt et, si cela dure, prévenez l’opérateur
refused-internal = l’hôte n’a pas pu le faire ; l’opérateur en trouve la cause dans son journal
refused-store-suspended = l’opérateur de cet hôte a suspendu cette boutique : { $reason } ; adressez-vous à lui
refused-store-closing = cette boutique est en cours de fermeture et sera effacée le { $at } ; d’ici là, son propriétaire peut la conserver
refused-proof-required = ceci demande une preuve de votre identité datant de moins de cinq minutes ; saisissez votre mot de passe ou un code
refused-only-looks = vous voyez cette boutique comme quelqu’un d’autre, et rien ne peut être modifié pendant ce temps ; arrêtez d’abord
refused-other-site = ce formulaire a été envoyé depuis la page d’un autre site ; ouvrez-le ici et envoyez-le à nouveau
refused-other-session = ce formulaire appartient à une session terminée, car vous vous êtes reconnecté ; rouvrez sa page et envoyez-le de là
refused-plain-http = la connexion passe par https, ou se fait sur la machine de l’hôte : en http simple, un mot de passe pourrait être lu en chemin ; demandez à l’opérateur de donner un certificat à l’hôte (`storehand serve --tls-cert --tls-key`)
refused-link-gone = ce lien a déjà servi, ou a expiré ; demandez-en un autre à qui vous l’a donné
refused-setup-gone = ce lien a déjà servi, ou date de plus de 15 minutes ; redémarrez l’hôte pour en obtenir un autre, ou connectez-vous
refused-sign-in = l’adresse ou le mot de passe ne convient pas ; vérifiez les deux et réessayez
refused-proof-wrong = ce n’était pas juste ; vérifiez et réessayez
refused-passkey = cette clé d’accès n’a pas été acceptée ; réessayez, ou utilisez votre mot de passe ou un code
refused-codes-locked = trop de codes étaient faux ; attendez 15 minutes, ou utilisez un code de secours
refused-attempts-wait = trop d’essais étaient faux ; attendez { $n } secondes et réessayez
refused-signed-in-often = ce compte a été ouvert { $n } fois en dix minutes ; attendez, et utilisez les sessions existantes
refused-passwords-differ = les deux ne sont pas identiques ; saisissez deux fois le mot de passe
refused-no-email = ceci n’est pas une adresse e-mail ; écrivez-la comme `ana@example.com`
refused-has-account = cette adresse a déjà un compte ; connectez-vous plutôt avec lui
refused-person-has-account = cette personne a déjà un compte, et se connecte avec lui
refused-person-no-account = cette personne n’a pas encore de compte ; invitez-la plutôt
refused-signs-out-elsewhere = cette personne possède la boutique, travaille aussi ailleurs ou exploite l’hôte, et y serait déconnectée également ; suspendez-la ici, ou demandez-lui de fermer ses sessions dans son compte
refused-operator-resets = ce compte est celui d’un propriétaire, ou appartient aussi à une autre boutique : seul l’opérateur de l’hôte peut lui préparer un nouveau mot de passe
refused-link-sets-no-password = ce compte appartient désormais à une autre boutique, ou à un propriétaire : ce lien ne peut pas définir son mot de passe
refused-invited-another = cette invitation est pour `{ $email }` ; connectez-vous avec cette adresse pour l’accepter
refused-belongs-already = ce compte appartient déjà à la boutique
refused-owner-stays = le propriétaire d’une boutique détient toujours toutes les permissions et ne peut pas être retiré
refused-not-for-staff = `{ $scope }` ne peut pas être donnée à un membre du personnel
refused-no-permission = il n’y a pas de permission `{ $text }` ; rouvrez la page
refused-no-role = il n’y a pas de rôle `{ $text }`
refused-no-number = `{ $text }` n’est pas un nombre entier ; la limite de `{ $scope }` en demande un
refused-days = une permission peut prendre fin dans 1 à 3 660 jours ; choisissez l’un de ceux de la page
refused-ends-in-the-past = `{ $scope }` ne peut pas prendre fin dans le passé ({ $at }) ; donnez un moment ultérieur, ou révoquez-la
refused-cap-range = `{ $name }` de `{ $scope }` va de 1 à { $most } ; pour ne rien permettre, révoquez `{ $scope }`, pour tout permettre, laissez vide
refused-no-amount = `{ $amount }` n’est pas un montant en { $code } ; écrivez-le comme `{ $like }`
refused-amount-too-large = `{ $amount }` est trop grand
refused-not-more-than-zero = `{ $amount }` doit être supérieur à zéro
refused-paused-already = l’application est déjà en pause
refused-not-paused = l’application n’est pas en pause
refused-paused-by-breaker = personne n’a mis `{ $app }` en pause : le disjoncteur l’a arrêtée à { $since }, alors que { $failed } exécutions sur { $runs } avaient échoué en { $minutes } minutes ; relancez-la avec « La laisser reprendre » sur sa page, ou avec `storehand breaker close { $app }`
refused-tried-by-breaker = personne n’a mis `{ $app }` en pause : le disjoncteur l’a arrêtée à { $since }, alors que { $failed } exécutions sur { $runs } avaient échoué en { $minutes } minutes, et laisse passer quelques exécutions pour l’essayer à nouveau ; levez cela avec « La laisser reprendre » sur sa page, ou avec `storehand breaker close { $app }`
refused-paused-no-approval = `{ $app }` est en pause ou retirée, rien d’elle ne peut donc être approuvé ; relancez-la d’abord
refused-paused-no-rerun = `{ $app }` est en pause ou retirée, elle ne peut donc rien proposer à nouveau ; relancez-la d’abord, ou rejetez ceci
refused-event-gone = l’événement à l’origine de cette exécution n’est plus conservé, elle ne peut donc pas recommencer ; rejetez ce qu’elle a proposé
refused-holds-no-more = `{ $app }` ne détient plus `{ $scope }` ; accordez-la à nouveau, ou rejetez ceci
refused-waits-no-more = `{ $id }` n’attend plus ; une décision a été prise, ou le délai est passé
refused-undo-at-work = l’annulation `{ $undo }` est encore en cours ; attendez qu’elle soit terminée
refused-run-changed-nothing = l’exécution `{ $run }` n’a rien modifié
refused-since = `since` est l’un de `hour`, `day`, `week` et `month`
refused-outcome = `outcome` n’est pas une façon dont une exécution peut finir
refused-no-person-id = `{ $text }` n’est pas l’identifiant d’une personne
refused-no-permission-name = « { $text } » n'est pas le nom d'une permission, tel que `orders:view`
refused-no-run-id = `{ $text }` n’est pas l’identifiant d’une exécution
refused-no-day = `{ $text }` n’est pas un jour ; donnez-le comme 2027-01-31
refused-suspended-already = { $name } est déjà suspendu
refused-last-day = le dernier jour de quelqu’un est à venir, et au plus dans cinq ans
refused-owner-in-person = seul un propriétaire en personne peut proposer la propriété
refused-owner-offers = seul un propriétaire de la boutique peut proposer la propriété
refused-owns-already = cette personne est déjà propriétaire de la boutique
refused-owner-no-account = un propriétaire se connecte avec un compte, et cette personne n’en a pas ici ou est suspendue ; invitez-la ou rétablissez-la d’abord
refused-owns-not = cette personne n’est pas propriétaire de la boutique
refused-last-owner = une boutique a toujours un propriétaire ; proposez d’abord la propriété à quelqu’un d’autre
refused-owner-factor = un propriétaire a besoin d’un second facteur ; configurez-en un d’abord, puis acceptez
refused-offer-gone = cette proposition a été retirée ou a expiré ; demandez-en une autre au propriétaire
refused-role-there = il y a déjà un rôle `{ $title }` ; choisissez un autre titre
refused-role-empty = un rôle propose au moins une permission ; cochez à quoi il sert
refused-many-roles = une boutique a au plus { $n } rôles à elle ; supprimez-en un d’abord
refused-rules-changed = quelqu’un a modifié le règlement entre-temps ; regardez-le et modifiez-le à nouveau
refused-rules-changed-meanwhile = le règlement a changé pendant votre lecture ; relisez-le et acceptez-le
settings-changed = quelqu’un d’autre les a modifiés entre-temps ; regardez ce qu’ils sont maintenant, et réglez-les à nouveau
factor-other-session = vous vous êtes reconnecté entre-temps ; scannez cette clé au lieu de la précédente
factor-wrong-code = ce code n’est pas juste ; vérifiez que l’application a cette clé, et que l’horloge du téléphone est à l’heure

## Pourquoi une annulation laisse un enregistrement tel quel
left-changed = quelqu’un d’autre l’a modifié depuis
left-taken = une référence, un code ou une adresse qu’il avait appartient maintenant à un autre
left-in-use = d’autres l’utilisent depuis, il ne peut donc pas disparaître
left-missing = ce dont il faisait partie n’existe plus
left-together = il est revenu avec des modifications qui doivent rester
left-unknown = le journal ne contient plus tout ce qui lui est arrivé
left-not-held = il vous manque `{ $scope }`, avec laquelle il a été modifié
left-erased = ses données personnelles ont été effacées du journal, et le restent
left-money = de l’argent a été encaissé ou versé avec lui, ce qui ne peut pas être annulé ici
left-failed = il n’a pas pu être écrit

## Ce qu’une proposition réserve, et ce qui peut être retiré à une application
held-reserves = Réserve
held-reserved = { $amount } : { $scope }
run-revoke = Retirer ce qu’elle a utilisé
run-revoke-means = Cela vaut dès le prochain appel de l’application. Ce qu’elle a modifié reste tel quel.

## Apps: settings with the consent, and uploads
settings-needed = Ce champ doit être rempli.
settings-unfit = Certains réglages ne conviennent pas encore ; l’erreur est indiquée à côté de chacun.
consent-settings = Réglages
consent-settings-why = Ils sont enregistrés avec votre consentement. Vous pourrez les changer plus tard sur la page de l’application.
upload-title = Téléverser une application
upload-own = Vous avez le fichier d’une application ?
upload-lead = Le fichier qu’écrit « storehand app build ». Rien n’en est exécuté avant que vous ayez lu ce qu’elle demande et que vous l’ayez accepté.
upload-file = Fichier
upload-what = { $n } Mio au plus.
upload-go = Téléverser
upload-private = Seule cette boutique la voit, jusqu’à ce que l’opérateur de cet hôte la publie. Elle est d’abord vérifiée, ce qui prend quelques secondes.
refused-app-too-large = une application a { $n } Mio au plus ; `storehand app build` sans `--debug` en produit une plus petite
refused-no-component = ceci n’est pas un composant WebAssembly ; téléversez le seul fichier qu’écrit `storehand app build`

## Store: orders by hand, and words of its lists
order-create = Créer une commande
order-create-means = Pour une vente par téléphone ou au comptoir. Elle est impayée, aux prix du jour, et ne retire rien du stock ; les applications qui s’occupent des nouvelles commandes s’exécutent alors.
order-for = Client, par son identifiant ; vide pour personne
order-line-sku = Ligne { $n } : SKU
order-line-quantity = Ligne { $n } : combien
order-line-of = Combien de { $sku } ; 0 la retire
order-change-lines = Changer les lignes
order-change-lines-means = Chaque ligne prend le prix du jour. Possible seulement avant que la commande soit payée ou envoyée.
order-tracking = Changer un numéro de suivi
order-tracking-means = Remplace la façon de suivre un colis.
order-parcel = Colis
webpage-shown = publiée
webpage-hidden = masquée

## Réexécuter à blanc, côte à côte
rerun-heading = Réexécuter à blanc
rerun-means = La même cause encore une fois, sur les données d'aujourd'hui, avec la version { $ran }. Rien n'est changé, et votre demande figure dans l'audit.
rerun-means-both = La même cause encore une fois, sur les données d'aujourd'hui : avec la version { $ran }, qui s'est exécutée alors, et avec la version { $now }, installée maintenant. Rien n'est changé, et votre demande figure dans l'audit.
rerun-go = Réexécuter à blanc
rerun-other = Comparer avec une autre version
rerun-compare = Comparer
rerun-installed = { $version }, installée maintenant
rerun-checkout = Une exécution au paiement ne peut pas être répétée : ce que l'acheteur avait dans son panier n'est pas enregistré.
rerun-title = { $app }, réexécutée
rerun-lead = { $cause }, sur les données d'aujourd'hui. Rien n'a été changé.
rerun-then = alors
rerun-today = aujourd'hui
rerun-same = Les deux versions font la même chose.
rerun-same-as-then = Elle fait aujourd'hui ce qu'elle a fait alors.
rerun-differ = { $n ->
    [one] Les deux versions diffèrent sur une ligne, marquée ci-dessous.
   *[other] Les deux versions diffèrent sur { $n } lignes, marquées ci-dessous.
}
rerun-differ-from-then = { $n ->
    [one] Une ligne diffère entre alors et aujourd'hui ; elle est marquée ci-dessous.
   *[other] { $n } lignes diffèrent entre alors et aujourd'hui ; elles sont marquées ci-dessous.
}
rerun-differs = diffère
rerun-sides = Côte à côte
rerun-why = Pourquoi elle a fini ainsi
rerun-refused = Appels refusés
rerun-failed = Appels en échec
rerun-cpu = CPU
rerun-n-failed = { $n ->
    [one] un en échec
   *[other] { $n } en échec
}
rerun-no-scope = aucune nécessaire
rerun-no-calls = Aucune exécution n'a fait d'appel
rerun-changes = Ce qui serait changé
rerun-no-changes = Rien ne serait changé.
rerun-untouched = laissé tel quel
rerun-becomes = Ce qu'il devient
rerun-more = { $n ->
    [one] Un autre enregistrement serait changé.
   *[other] { $n } autres enregistrements seraient changés.
}
rerun-back = Retour à l'exécution
refused-rerun-world = elle est d'un autre monde que l'app qui s'est exécutée ; essayez une version qui est appelée de la même façon
refused-rerun-gone = l'événement de `{ $run }` n'est plus conservé, car la durée de conservation de la boutique l'a supprimé ; essayez l'app sur des événements plus récents : `storehand apps dry-run { $app }`
refused-rerun-old = `{ $run }` date d'avant que l'événement d'une exécution ne soit enregistré ; essayez l'app sur les derniers événements : `storehand apps dry-run { $app }`
refused-rerun-checkout = `{ $run }` a été demandée pendant qu'un acheteur payait, et le contenu de son panier n'est pas enregistré ; elle ne peut donc pas être réexécutée. Essayez l'app sur des paniers d'exemple : `storehand apps dry-run { $app }`

## Toutes les boutiques : exécutions une par une, et hôtes
host-runs = Exécutions de toutes les boutiques
host-runs-lead = Chaque exécution d'une app, dans n'importe quelle boutique. Ce pour quoi elle a eu lieu, ce qu'elle a fait et écrit appartient à la boutique et ne figure pas ici.
host-runs-none = Aucune app ne s'est encore exécutée
host-runs-none-next = Une exécution apparaît ici dès qu'une app s'exécute dans une des boutiques.
host-runs-none-yet = Aucune jusqu'ici
host-runs-none-yet-next = Dix mille exécutions ont été examinées, et aucune ne correspond à ces filtres. Continuez pour remonter plus loin, ou choisissez une boutique.
host-runs-of-store = Ses exécutions
host-filter-store = Boutique (son identifiant)
host-refused-calls = Refusés
cause-button = bouton
refused-no-store-id = `{ $text }` n'est pas l'identifiant d'une boutique
hosts-title = Hôtes
hosts-lead = Les processus qui servent cette base de données. Chacun signale sa présence deux fois par minute.
hosts-none = Aucun hôte n'a encore signalé sa présence
hosts-none-next = Regardez à nouveau dans un instant ; s'il n'y en a toujours aucun, cet hôte ne peut pas écrire dans sa base de données.
hosts-machine = Machine
hosts-unnamed = sans nom
hosts-started = Démarré
hosts-seen = Vu pour la dernière fois
hosts-at-work = au travail
hosts-silent = silencieux
hosts-other-version = autre version que cet hôte
hosts-more = Il y en a plus de cent ; l'API les liste tous.

tab-usage = Usage
usage-title = Usage
usage-lead = Combien de fois les applications se sont exécutées, comment cela s'est terminé, en combien de temps et à quel coût.
usage-runs = exécutions
usage-denied-runs = refusées, ou avec un appel refusé
usage-failed-runs = échouées
usage-took = durée d'une exécution : la moitié restait dans la première, 99 sur 100 dans la seconde
usage-cpu = temps processeur de toutes les exécutions
usage-bytes = écrits
usage-chart-runs = Exécutions : réussies, refusées, échouées
usage-chart-took = Durée d'une exécution : médiane, 99 sur 100
usage-chart-cpu = Temps processeur
usage-most = maximum : { $figure }
usage-points = La même chose en tableau
usage-part = Du { $from } au { $until }.
usage-whole = Toute la période
usage-stores = Par boutique, celle qui a pris le plus de processeur d’abord
usage-more-stores = Les cent premières boutiques sont affichées ; `storehand usage --by store` les liste toutes.
usage-versions = Ce que chaque version a donné
usage-calls = Appels à l'hôte, les plus refusés d'abord
usage-col-p50 = Médiane
usage-col-cpu = CPU
usage-col-bytes = Écrits
usage-col-memory = Mémoire
usage-col-made = Faits
usage-none = Aucune application ne s'est exécutée pendant ce temps
usage-none-next = Choisissez une durée plus longue, ou regardez les applications de la boutique.
host-usage = Usage de toutes les boutiques
host-usage-lead = Ce que les applications ont donné dans toutes les boutiques ensemble. Leur raison, leurs effets et leurs écrits appartiennent aux boutiques et ne figurent pas ici.
# Rappels
app-recalled = rappelée
severity-info = rappel : information
severity-warning = rappel : avertissement
severity-critical = rappel : critique
recall-severity = Gravité
recall-of = L’opérateur de cet hôte a rappelé la version { $version } :
recall-mended-by = La version { $version } corrige cela.
recall-upgrade = Voir { $version }
recall-pauses = Elle ne s’exécute pas. Rien n’a été désinstallé ; ses réglages et ses permissions restent.
recall-withdraws = Elle a été retirée du catalogue et continue de s’exécuter ici.
recall-goes-on = { $name } a décidé de continuer avec elle :
recall-critical = Ce qui est critique ne s’exécute nulle part tant que l’opérateur n’a pas mis fin au rappel, ou qu’une autre version n’a pas pris sa place.
recall-go-on = Continuer avec elle
recall-go-on-why = Pourquoi vous continuez ; l’opérateur le lira
recall-radius = { $version } a fait { $n ->
    [0] aucune modification
    [one] une modification
   *[other] { $n } modifications
  } dans votre boutique depuis { $when } ; { $undone } peuvent être annulées maintenant, { $since ->
    [0] aucun enregistrement n’a été modifié
    [one] un enregistrement a été modifié
   *[other] { $since } enregistrements ont été modifiés
  } depuis.
recall-radius-more = { $version } a fait { $n } modifications sur { $records } enregistrements de votre boutique depuis { $when }. Sur les { $looked } derniers de ces enregistrements, { $undone } modifications peuvent être annulées maintenant.
recall-undo = Voir comment annuler ce que { $version } a fait
recall-made = Elle a fait { $n ->
    [0] aucune modification
    [one] une modification
   *[other] { $n } modifications
  } ici depuis { $when }.
recall-made-more = Elle a fait plus de { $n } modifications ici depuis { $when }.
decide-recalled = { $version } a été rappelée par l’opérateur de cet hôte
more-than = plus de { $n }
host-recalled = rappelée par vous
host-recall = Rappeler une version
host-recall-means = Elle quitte le catalogue, et rien de ce qui a son code ne s’exécute, à moins qu’elle ne soit seulement retirée. Les propriétaires voient pourquoi, ce qu’elle a modifié dans leur boutique et ce qui corrige cela. Si ce n’est pas critique, une boutique peut continuer en donnant une raison, que vous lisez. Rappeler de nouveau une version remplace son rappel.
host-recall-go = La rappeler
host-recall-end = Mettre fin au rappel
host-recall-reach = Jusqu’où il porte
host-recall-title = Rappel de { $version }
host-recall-pauses = Ce qui a ce code ne s’exécute pas.
host-recall-withdraws = Elle est retirée, et continue de s’exécuter là où elle est installée.
host-recall-app = L’application
host-recall-nowhere = Aucune boutique ne l’exécute
host-recall-counts = Combien de modifications elle a faites depuis son installation ; lesquelles, seule la boutique le voit
host-version-is-recalled = Vous avez rappelé la version { $version } :
host-mended-by = La version qui corrige cela
host-mended-by-none = aucune encore
host-withdraw-only = La retirer seulement : elle continue là où elle est installée, et les propriétaires sont avertis
host-goes-on = Continue parce que
host-runs-not = ne s’exécute pas
refused-not-recalled = ce qui s’exécute ici n’a pas été rappelé, ou quelqu’un a déjà décidé de continuer
refused-recall-critical = ce qui est critique ne s’exécute nulle part ; passez à une autre version, ou adressez-vous à l’opérateur de cet hôte

# L’examen des accès
review-title = Examiner les accès
review-lead = { $apps ->
    [one] { $apps } application
   *[other] { $apps } applications
  } et { $people ->
    [one] { $people } personne examinées
   *[other] { $people } personnes examinées
  }. Ce qui n’a pas servi pendant { $days } jours compte comme inutilisé.
review-watched = Ce que les applications utilisent est noté depuis { $when } ; rien n’est connu d’avant.
review-people-watched = Ce que les personnes utilisent est enregistré depuis le { $when }.
review-unused = n’utilise pas tout ce qui lui est permis
review-not-watched = Ce que les applications utilisent n’est pas encore noté.
review-was = Les accès ont été examinés le { $when } par { $name }.
review-never = Personne n’a encore examiné les accès.
review-next = Le prochain examen est prévu le { $when }.
review-due = un examen est dû
review-done = J’ai tout examiné
review-no-apps = Aucune application n’a plus que ce qu’elle utilise
review-no-apps-next = Une permission figure ici quand elle n’a pas servi depuis longtemps, prend bientôt fin ou attend une décision.
review-found = Constat
review-required = nécessaire
review-last-used = dernière utilisation le { $day }
review-never-used = jamais utilisée
review-as-far-as-known = (pour autant que l’on sache)
review-over-asks = L’application ne peut être installée sans elle, et n’en a jamais eu besoin.
review-ends = prend fin le { $when }
review-tighter = Au plus { $bound } par jour, et jamais plus de { $most } n’a été nécessaire ; { $proposed } suffirait.
review-tighten = Resserrer
review-no-people = Tout le monde vient
review-no-people-next = Figure ici qui ne s’est jamais connecté, n’est pas venu depuis longtemps, ou dont le dernier jour est passé.
review-never-seen = jamais connecté
review-not-seen = pas venu depuis longtemps
review-last-day-over = le dernier jour est passé
review-last-seen = Vu pour la dernière fois
review-remove = Retirer
review-tokens = Jetons
review-no-tokens = Chaque jeton est utilisé
review-no-tokens-next = Figure ici un jeton qui n’a jamais servi, ou pas depuis longtemps.
review-front = la vitrine de la boutique
review-more = Il y a plus que ce qui a été examiné ; décidez de ceci, puis rouvrez la page.
review-keep = Imprimez cette page pour la conserver, ou gardez ce que dit `storehand review --json`.

alerts-title = Alertes
nav-alerts = Alertes
alerts-lead = Ce que quelqu’un devrait regarder, trouvé par des règles. Chacune se résout d’elle-même une fois sa cause disparue.
alerts-all = Montrer aussi celles qui sont résolues
alerts-now = Seulement ce qui est ouvert
alerts-none = Rien à regarder
alerts-none-next = Ce qui sort de l’ordinaire apparaît ici.
alerts-what = Ce qui s’est passé
alerts-critical = critique
alerts-warning = avertissement
alerts-info = pour information
alerts-resolved = résolue
alerts-acknowledged = prise en compte
alerts-snoozed = mise en sommeil
alerts-times = { $n } fois en une heure
alerts-acknowledge = Prendre en compte
alerts-snooze = Mettre en sommeil un jour
alerts-rules = Règles
alerts-rules-lead = Ce qui est surveillé, et à partir de quand.
alerts-rule = Règle
alerts-threshold = À partir de
alerts-enabled = Surveillé
alerts-off = non
alerts-on = oui
alerts-default = { $n } par défaut
alerts-no-number = « { $typed } » n’est pas un nombre entier ; saisissez-en un.
alerts-set = Enregistrer
alerts-with-stores = Montrer aussi celles des boutiques
alerts-without-stores = Seulement celles de l’hôte
rule-denials = Des appels sont refusés : pourcentage des appels
rule-failures = Des exécutions échouent : pourcentage des exécutions
rule-latency = Des exécutions durent longtemps : pourcentage de la durée permise
rule-cpu = Des exécutions prennent beaucoup de processeur : pourcentage de ce qui est permis
rule-spend = Une limite est presque atteinte : pourcentage de la limite du jour
rule-volume = Bien plus d’exécutions que d’habitude : fois l’heure la plus chargée
rule-hours = Exécutions à une heure inhabituelle : nombre d’exécutions
rule-silence = Aucune exécution à une heure habituelle : nombre de semaines où il y en avait
rule-parked = Des livraisons ont été abandonnées : nombre de livraisons
rule-lag = Une application n’est pas informée de ce qui se passe : minutes
rule-breaker = Le disjoncteur met une application en pause
rule-disk = Un disque est presque plein : Mio restants
rule-host = Un hôte est silencieux : minutes
rule-backup = Une sauvegarde a échoué ou est en retard
rule-checkpoints = Les points de contrôle des journaux d’audit ne sont pas écrits : minutes
rule-version = Une version échoue sans cesse dans plusieurs boutiques
alert-denials = { $app } se voit souvent refuser ce qu’elle tente
alert-denials-what = { $n } appels sur { $of } ont été refusés en 15 minutes ({ $percent } %).
alert-denials-do = Regardez dans ses exécutions ce qui lui manque, puis accordez-le ou mettez l’application en pause.
alert-failures = { $app } échoue sans cesse
alert-failures-what = { $n } exécutions sur { $of } ont échoué en 15 minutes ({ $percent } %).
alert-failures-do = Regardez pourquoi dans ses exécutions, puis changez ses réglages, mettez-la à jour ou en pause.
alert-latency = { $app } est lente
alert-latency-what = 5 exécutions sur 100 durent { $ms } ms ou plus, sur { $limit } ms permises ({ $percent } %).
alert-latency-do = Regardez dans ses exécutions ce qu’elles attendent, ou prévenez son éditeur.
alert-cpu = { $app } prend beaucoup de temps de processeur
alert-cpu-what = 5 exécutions sur 100 prennent { $ms } ms de processeur ou plus, sur { $limit } ms permises ({ $percent } %).
alert-cpu-do = Regardez lesquelles dans ses exécutions, ou prévenez son éditeur.
alert-spend = { $app } a presque atteint une limite
alert-spend-what = { $percent } % de la limite du jour de { $scope } sont utilisés.
alert-spend-do = Voyez si c’est voulu, puis relevez la limite ou mettez l’application en pause.
alert-volume = { $app } s’exécute bien plus que d’habitude
alert-volume-what = { $n } exécutions dans cette heure ; ces quatre dernières semaines il y en avait { $of } au plus à ce moment de la journée.
alert-volume-do = Regardez dans ses exécutions ce qui les cause, et mettez-la en pause si personne ne l’a voulu.
alert-hours = { $app } s’exécute à une heure inhabituelle
alert-hours-what = { $n } exécutions dans cette heure ; ces quatre dernières semaines il n’y en avait aucune à ce moment de la journée.
alert-hours-do = Regardez dans ses exécutions ce qui les cause.
alert-silence = { $app } ne s’exécute plus
alert-silence-what = Aucune exécution depuis trois heures ; à ce moment de la semaine il y en avait { $n } par heure, pendant { $weeks } semaines.
alert-silence-do = Voyez si ce qui la déclenche se produit encore, et si l’application est à jour.
alert-parked = Des livraisons à { $app } ont été abandonnées
alert-parked-what = { $n } livraisons attendent une décision.
alert-parked-do = Regardez pourquoi elles ont échoué, puis réessayez-les ou abandonnez-les.
alert-lag = { $app } n’est pas informée de ce qui se passe
alert-lag-what = Elle a { $n } événements de retard ; le premier date d’il y a { $minutes } minutes.
alert-lag-do = Regardez ses exécutions ; si elles durent, mettez-la en pause ou passez ce qui attend.
alert-breaker = { $app } a été mise en pause parce qu’elle échouait sans cesse
alert-breaker-what = { $n } exécutions sur { $of } ont échoué en { $minutes } minutes.
alert-breaker-do = Elle sera essayée de nouveau d’elle-même. Regardez pourquoi elle a échoué ; laissez-la reprendre tout de suite si vous en savez plus.
alert-breaker-report = { $app } échoue si souvent qu’elle pourrait être mise en pause
alert-breaker-report-do = Ici le disjoncteur ne fait que signaler. Regardez pourquoi elle échoue, et mettez-la en pause s’il le faut.
alert-disk = Un disque est presque plein
alert-disk-what = Il reste { $n } Mio ; la règle en demande { $of }.
alert-disk-do = Faites de la place sur le disque de { $app }, ou donnez-lui-en un plus grand.
alert-host = Un hôte est silencieux
alert-host-what = { $name } n’a pas donné signe de vie depuis { $minutes } minutes.
alert-host-do = Voyez s’il fonctionne et joint la base de données.
alert-backup = Une sauvegarde a échoué
alert-backup-what = { $app } n’a pas pu la faire : { $cause }
alert-backup-do = Voyez si le dossier des sauvegardes est accessible en écriture et a de la place.
alert-backup-late = Une sauvegarde est en retard
alert-backup-late-what = { $app } n’a pas fait les dernières.
alert-checkpoints = Les points de contrôle des journaux d’audit ne sont pas écrits
alert-checkpoints-what = Depuis { $minutes } minutes { $app } n’a pas pu les écrire, ou ils n’ont pas été reçus là où ils sont envoyés : { $cause }
alert-checkpoints-do = Rendez leur fichier accessible en écriture, et voyez si le syslog ou le webhook répond.
alert-version = { $app } { $version } a été arrêtée parce qu’elle échoue sans cesse
alert-version-what = { $n } exécutions sur { $of } ont échoué en { $minutes } minutes ; elle échoue dans { $failing } des { $stores } boutiques qui l’ont exécutée.
alert-version-stopped = Elle ne s’exécute dans aucune boutique tant que vous ne la laissez pas reprendre.
alert-version-do = Prévenez son éditeur, puis laissez-la reprendre, ou rappelez-la, une fois que vous en savez plus.
alert-version-report = { $app } { $version } échoue sans cesse dans plusieurs boutiques
alert-version-report-do = Ici le disjoncteur ne fait que signaler. Prévenez son éditeur, et arrêtez ou rappelez la version s’il le faut.
alert-other = Il y a quelque chose à regarder : { $app }
alert-other-what = Une version plus récente de l’hôte l’a trouvé.
alert-other-do = Regardez les alertes sur cet hôte.
alert-mail-subject = Storehand : { $title }
alert-mail-body =
    { $what }
    Depuis { $since }.

    { $do }

    { $link }

    Les alertes se prennent en compte et se mettent en sommeil, et les règles se règlent, dans l’administration web sous Alertes.
breaker-title = Disjoncteur
breaker-lead = Il met en pause ce qui échoue sans cesse, et l’essaie de nouveau avec quelques exécutions après un moment. Un propriétaire peut laisser une application reprendre tout de suite.
breaker-apps = Une application qui échoue sans cesse dans une boutique
breaker-versions = Une version qui échoue sans cesse dans plusieurs boutiques
breaker-off = Ne rien faire
breaker-report = Seulement signaler
breaker-act = La mettre en pause
breaker-runs = Exécutions au moins
breaker-percent = Pourcentage d’entre elles qui ont échoué
breaker-minutes = En combien de minutes
breaker-cooldown = Secondes avant un nouvel essai, doublées à chaque fois de suite
breaker-trials = Exécutions pour l’essayer
breaker-open = Le disjoncteur a mis cette application en pause : { $failed } exécutions sur { $runs } ont échoué en { $minutes } minutes.
breaker-until = Elle sera essayée de nouveau { $when }.
breaker-half = Elle est essayée de nouveau : { $trials } exécutions sur { $max } ont été autorisées.
breaker-close = La laisser reprendre
app-breaker = mise en pause par le disjoncteur
app-trial = à l’essai
decide-breaker = a été mise en pause parce qu’elle échouait sans cesse
decide-breaker-more = { $failed } exécutions sur { $runs } ont échoué ; elle sera essayée de nouveau d’elle-même
## Formules, relevés et fin d’une boutique
tab-plan = Formule et relevé
plan-is = Votre formule est { $title }. Elle dit ce que cette boutique peut utiliser ; rien de ce qui existe n’est retiré à cause d’elle.
plan-none = Cette boutique n’a pas de formule : elle peut utiliser ce que l’hôte permet à toutes.
plan-used = Ce qui a été utilisé
plan-month-until = { $month } ({ $zone }), jusqu’au
plan-what = Quoi
plan-used-so-far = Jusqu’ici
plan-at-most = Au plus
plan-used-up = épuisé
plan-used-up-means = Quand les exécutions ou le temps de processeur d’un mois sont épuisés, les applications attendent le mois suivant ; le paiement continue. Quand il y a autant d’applications ou de personnes que permis, une de plus est refusée.
plan-allows = Ce qu’elle permet
plan-runs = Exécutions d’applications par mois
plan-runs-at-once = Exécutions d’applications à la fois, hors paiement
plan-checkout-runs = dont au paiement
plan-cpu = Secondes de processeur par mois
plan-mib = Mio qu’une application peut écrire par jour
plan-usage-days = Jours de conservation des exécutions
plan-journal-days = Jours de conservation des modifications
plan-statement = Relevé de { $month }
plan-month = Mois
plan-show-month = Afficher
plan-no-runs = Aucune application n’a été exécutée ce mois-ci
plan-no-runs-next = Une ligne apparaît ici dès qu’une application a été exécutée.
plan-cpu-ms = Processeur, ms
plan-bytes = Écrit, octets
plan-more-lines = Il y a d’autres lignes ; le fichier les contient toutes.
plan-ask = Demander une autre formule
plan-asked = Vous avez demandé { $plan }
plan-waits = en attente
plan-accepted = acceptée
plan-declined = refusée
plan-withdrawn = retirée
plan-withdraw = La retirer
plan-no-offers = L’opérateur de cet hôte ne propose aucune autre formule pour le moment.
plan-which = Quelle formule
plan-why = Pourquoi ; l’opérateur le lit
plan-why-short = Pourquoi
plan-ask-go = La demander
plan-title = Titre
plan-name = Nom
plan-name-help = De 3 à 40 caractères parmi a-z, 0-9 et le tiret. Il ne change jamais.
plan-empty-bound = Un champ vide ne limite rien : les boutiques peuvent utiliser ce que l’hôte permet à toutes.
plan-standard = Toute boutique qui n’en a pas reçu d’autre l’a
plan-offered = Les propriétaires peuvent la demander
plan-is-standard = par défaut
plan-is-hidden = non proposée
plan-bounds-nothing = rien n’est limité
plan-no-number = « { $what } » attend un nombre entier, et « { $typed } » n’en est pas un ; laissez vide pour ne rien limiter
plan-standard-choice = La formule par défaut, s’il y en a une
refused-plan-note = ce que vous écrivez à l’opérateur a au plus { $n } caractères ; écrivez moins
refused-no-plan = il n’y a pas de formule `{ $plan }` que l’on puisse demander ; choisissez-en une de celles qui sont proposées
refused-plan-standard = `{ $plan }` est la formule standard, celle de toute boutique qui n’en a pas reçu d’autre ; faites d’une autre la formule standard, puis supprimez celle-ci
refused-plan-given = { $n ->
    [one] une boutique a la formule `{ $plan }` ; donnez-lui-en une autre, puis supprimez celle-ci
   *[other] { $n } boutiques ont la formule `{ $plan }` ; donnez-leur-en une autre, puis supprimez celle-ci
}
refused-plan-asked = { $n ->
    [one] un propriétaire demande la formule `{ $plan }` ; acceptez ou refusez, puis supprimez la formule
   *[other] { $n } propriétaires demandent la formule `{ $plan }` ; acceptez ou refusez, puis supprimez la formule
}
refused-nothing-asked = rien de ce que vous avez demandé n’est encore en attente
tab-close = Fermer la boutique
close-is-closing = en cours de fermeture
close-lead = La fin de cette boutique : téléchargez tout, puis fermez-la. Pendant trente jours, vous pouvez changer d’avis.
close-erased-at = Cette boutique est en cours de fermeture, et rien ne peut y être modifié. Elle sera effacée :
close-archive = Tout télécharger
close-archive-means = Un fichier avec tout ce qui est à cette boutique : les enregistrements avec les données personnelles des clients, les modifications, les exécutions, les personnes et le journal d’audit. Conservez-le là où vous seul pouvez le lire.
close-archived = Dernier téléchargement
close-never-archived = Rien n’a encore été téléchargé.
close-archive-go = Tout télécharger
close-title = La fermer
close-means = Le personnel, la vitrine et les applications s’arrêtent aussitôt. Pendant trente jours, vous pouvez tout consulter et conserver la boutique malgré tout ; ensuite elle est effacée, avec son journal d’audit. Téléchargez tout d’abord : cela peut dater d’un jour au plus.
close-name = Le nom de cette boutique, pour être sûr
close-go = Fermer la boutique…
close-keep = Conserver la boutique
close-keep-means = Chacun continue avec ce qu’il avait. Les applications apprennent ce qui s’est passé entre-temps.
close-operators = L’opérateur de cet hôte supprime cette boutique. Adressez-vous à lui si elle doit rester.
refused-closing-already = cette boutique est déjà en cours de fermeture et sera effacée le { $at }
refused-close-name = ce n’est pas le nom de la boutique ; saisissez « { $name } »
refused-close-archive = téléchargez d’abord tout, jusqu’à la fin ; cela peut dater d’un jour au plus quand vous fermez la boutique
refused-not-closing = cette boutique n’est pas en cours de fermeture
refused-closing-operators = l’opérateur de cet hôte supprime cette boutique, lui seul peut donc la conserver ; adressez-vous à lui
store-closing = en cours de fermeture
host-plans = Formules
host-plans-lead = Ce que les boutiques peuvent utiliser, sous des noms que vous donnez. Une formule refuse ce qui la dépasse ; elle ne retire rien.
host-no-plans = Il n’y a pas de formule
host-no-plans-next = Toute boutique peut utiliser ce que l’hôte permet. Créez une formule ci-dessous, puis donnez-la aux boutiques sur leurs pages.
host-plan-stores = Donnée à
host-new-plan = Créer une formule
host-make-plan = Créer la formule
host-plan-change-means = Cela vaut dès maintenant pour toute boutique qui a la formule. Ce qui la dépasse déjà reste : davantage est refusé.
host-plan-delete = Supprimer la formule
host-plan-delete-means = Seule une formule qu’aucune boutique n’a et qu’aucun propriétaire ne demande peut être supprimée, et non la formule standard.
host-plan-requests = Des propriétaires demandent une autre formule
host-plan-has = A
host-plan-asks = Demande
host-plan = Formule
host-plan-asked = Son propriétaire demande { $plan }
host-plan-word = Un mot au propriétaire
host-plan-accept = Accepter
host-plan-decline = Refuser
host-plan-of-store = La formule de cette boutique
host-plan-give = Lui donner cette formule
host-rename-store = Renommer la boutique
host-rename-means = Son nom dans les listes de cet hôte. Le nom que la boutique se donne reste le sien.
host-store-name = Nom
host-closing-until = Son propriétaire l’a fermée. Elle sera effacée :
host-deleted-until = Vous l’avez supprimée. Elle sera effacée :
host-keep-store = Conserver la boutique
host-keep-means = Elle ne sera plus effacée. Si elle est suspendue, elle le reste.
host-delete-store = Supprimer la boutique
host-delete-means = Dans trente jours, tout ce qui est à elle est effacé, aussi son journal d’audit ; d’ici là, vous pouvez la conserver. Le journal de cet hôte le note.
host-delete-name = Son nom, pour être sûr
host-delete-now = Aussitôt ; rien ne peut être récupéré
host-delete-go = Supprimer la boutique…
