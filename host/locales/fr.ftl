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
