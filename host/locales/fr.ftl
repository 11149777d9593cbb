# Tous les textes de l'administration. Chaque clé porte le même nom dans chaque langue.

## Le cadre
skip = Aller au contenu
nav-main = Principal
nav-overview = Aperçu
nav-activity = Activité
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
greeting-afternoon = Bon après-midi { $name }
greeting-evening = Bonsoir { $name }
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
filter-clear = Tout afficher
filter-call = Appel à l'hôte
filter-record = Enregistrement
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
cause-action = bouton
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
