# Every text of the web admin. A key has the same name in each language; what stands in braces is filled in.

## The frame
skip = Skip to content
nav-main = Main
nav-overview = Overview
nav-activity = Activity
nav-waiting = waiting
role-owner = owner
role-staff = staff

## Moments
day = { $day } { $month } { $year }
month-1 = Jan
month-2 = Feb
month-3 = Mar
month-4 = Apr
month-5 = May
month-6 = Jun
month-7 = Jul
month-8 = Aug
month-9 = Sep
month-10 = Oct
month-11 = Nov
month-12 = Dec
ago-now = just now
ago-minutes = { $n ->
    [one] { $n } minute ago
   *[other] { $n } minutes ago
}
ago-hours = { $n ->
    [one] { $n } hour ago
   *[other] { $n } hours ago
}
ago-days = { $n ->
    [one] { $n } day ago
   *[other] { $n } days ago
}
in-minutes = { $n ->
    [one] in { $n } minute
   *[other] in { $n } minutes
}
in-hours = { $n ->
    [one] in { $n } hour
   *[other] in { $n } hours
}
in-days = { $n ->
    [one] in { $n } day
   *[other] in { $n } days
}

## Lists
pager = Pages
pager-first = Back to the beginning
pager-next = Next

## What went wrong
problem-unauthorized = Sign in first
problem-forbidden = This is not yours to see
problem-not-found = There is nothing here
problem-bad-request = That cannot be read
problem-busy = Too much at once
problem-failed = That did not work
problem-home = Go to the overview

## Overview
greeting-morning = Good morning, { $name }
greeting-afternoon = Good afternoon, { $name }
greeting-evening = Good evening, { $name }
