/* A desk's workstation: exports in, returns out (triage/intake/importing.py, vault/known_exports.py, exchange/publish.py). */

#define ANEW(d)      (RULE(ANEW) && vault[d].anew)
#define IS_BEHIND(d) (RULE(BEHIND) && (d) == A && behind)

#define WHOLE   0
#define AWAY    1   /* the second copy's disk is not there */
#define OLDKEYS 2   /* with the keys of an old copy that was found again */

/* A vault that the root has not certified does not know whether another had its desk before. */
#define IS_NEW(d) (RULE(CERTIFIED_FIRST) && (d) == A && vault[A].keys == NOKEYS && !vault[A].anew)

/* A desk without keys, before its first publication. */
#define NOKEYS 15

#define opens_image(r) (imaged && report[r].desk == A && report[r].keys == image.keys && (image.live & BIT(report[r].epoch)))

/* Whether a return still announces keys of the first weeks: they are made for 13 weeks, and then all are others. */
#define SHOWS_OLD_KEYS (WEEK(today) <= 3)

/* Weeks from this one on, of which keys are made ahead. */
#define LATER(t) (WEEK(t) == 0 -> BIT(EPOCHS) - 1 : (WEEK(t) == 1 && EPOCHS == 2 -> 2 : 0))

/* Examine the reports that are new to this desk (intake/trial_decryption.py). */
inline examine(d, x, how) {
    new_ = x.held & ~SEEN(vault[d]);
    for (i_ : 0 .. REPORTS - 1) {
        if
        :: !(new_ & BIT(i_)) ->
            if
            :: how == OLDKEYS && (x.held & vault[d].unopened & BIT(i_)) && opens_image(i_) ->
                vault[d].unopened = vault[d].unopened & ~BIT(i_);
                vault[d].opened = vault[d].opened | BIT(i_);
                vault[d].copied = vault[d].copied & ~BIT(i_);
                vault[d].withheld = (ANEW(d) -> vault[d].withheld : vault[d].withheld & ~BIT(i_))
            :: else
            fi
        :: else ->
            if
            :: (report[i_].desk == d && report[i_].keys == vault[d].keys && (vault[d].live & BIT(report[i_].epoch))
               && (d == B || keyfiles)) || (how == OLDKEYS && opens_image(i_)) ->
                vault[d].opened = vault[d].opened | BIT(i_)
            :: else ->
                if
                :: ANEW(d) -> vault[d].unopened = vault[d].unopened | BIT(i_)
                :: else ->
                    if
                    :: d == A && vault[d].keys == NOKEYS -> vault[d].other = vault[d].other | BIT(i_)
                    :: vault[d].keys != NOKEYS && !(vault[d].live & BIT(report[i_].epoch)) ->
                        vault[d].unopened = vault[d].unopened | BIT(i_);     /* its key was destroyed here */
                        vault[d].withheld = vault[d].withheld | BIT(i_)
                    :: vault[d].keys != NOKEYS && (vault[d].live & BIT(report[i_].epoch)) && d == A && !keyfiles -> skip
                    :: else -> vault[d].other = vault[d].other | BIT(i_)
                    fi
                fi
            fi;
            vault[d].withheld = (ANEW(d) -> vault[d].withheld | BIT(i_) : vault[d].withheld)
        fi
    }
}

/* Destroy the keys that nothing needs (vault/epochs.py, destroy_spent). */
inline destroy_spent(d, x) {
    for (e_ : 0 .. EPOCHS - 1) {
        m_ = 0;
        for (i_ : 0 .. REPORTS - 1) {
            m_ = (report[i_].phase == SENT && report[i_].epoch == e_ -> m_ | BIT(i_) : m_)
        }
        if
        :: (vault[d].live & BIT(e_)) && x.made >= e_ + GRACE && !(x.held & m_ & ~stays_) ->
            /* PROMISE: no key is destroyed while a report for it may still come. */
            for (i_ : 0 .. REPORTS - 1) {
                assert(!(report[i_].desk == d && report[i_].epoch == e_ && report[i_].keys == vault[d].keys)
                       || (report[i_].phase == SEALED && WEEK(today) > e_ + COMPLETE)
                       || report[i_].phase == UNBORN
                       || !(store.held & BIT(i_)) || (SEEN(vault[d]) & BIT(i_)))
            }
            vault[d].live = vault[d].live & ~BIT(e_)
        :: else
        fi
    }
}

/* Take in an export. */
inline take_in_from(d, x, how) {
    if
    :: IS_BEHIND(d) -> outcome = REFUSED
    :: IS_NEW(d) -> outcome = REFUSED
    :: else ->
        stays_ = SEEN(vault[d]) & (vault[d].withheld | vault[d].copied);
        examine(d, x, how);
        is_newer(d, x);
        /* PROMISE: an honest export of a later week is believed: nothing stops the destruction of keys. */
        assert(ok_ || believed[d] > x.made);
        if
        :: ok_ ->
            destroy_spent(d, x);
            vault[d].day = x.made + 1;
            vault[d].exported = x.number;
            believed[d] = (believed[d] > x.made -> believed[d] : x.made + 1)
        :: else -> outcome = (vault[d].day == x.made + 1 && vault[d].exported == x.number -> AGAIN : DOUBTED)
        fi;
        /* PROMISE: no key outlives the export that says that nothing needs it (a restored server may repeat a number that day). */
        for (e_ : 0 .. EPOCHS - 1) {
            m_ = 0;
            for (i_ : 0 .. REPORTS - 1) {
                m_ = (report[i_].phase == SENT && report[i_].epoch == e_ -> m_ | BIT(i_) : m_)
            }
            assert(outcome == DOUBTED || (outcome == AGAIN && backed == 2) || x.made < e_ + GRACE || (x.held & m_) || !(vault[d].live & BIT(e_)))
        }
        if
        :: how != AWAY -> sync(d)
        :: else
        fi
    fi
}

inline is_newer(d, x) {
    ok_ = (RULE(BY_DAY) -> x.made + 1 > vault[d].day || (x.made + 1 == vault[d].day && x.number > vault[d].exported) : x.number > vault[d].exported)
}

/* Bring the second copy up to date, and read it again (vault/second_copy.py). */
inline sync(d) {
    vault[d].copied = SEEN(vault[d]);
    safe[d] = safe[d] | vault[d].opened;
    if
    :: d == A -> set_vault(copy, vault[A])
    :: else
    fi
}

inline take_in(d, k) {
    if
    :: k == 0 -> take_in_from(d, drive, WHOLE)
    :: k == 1 -> take_in_from(d, drawer, WHOLE)
    :: k == 2 -> take_in_from(d, drive, AWAY)
    fi
}

inline old_keys(unused, unused2) {
    take_in_from(A, drive, OLDKEYS)
}

/* The import is killed between the destruction of keys and the note that this export was believed. */
inline kill_import(d, unused) {
    if
    :: IS_BEHIND(d) -> outcome = REFUSED
    :: else ->
        stays_ = SEEN(vault[d]) & (vault[d].withheld | vault[d].copied);
        examine(d, drive, WHOLE);
        is_newer(d, drive);
        if
        :: ok_ ->
            if
            :: RULE(REMEMBERED_LAST) -> destroy_spent(d, drive)
            :: else ->
                vault[d].day = drive.made + 1;
                vault[d].exported = drive.number
            fi
        :: else
        fi
    fi
}

inline make_keys(d) {
    if
    :: vault[d].keys == NOKEYS ->
        vault[d].keys = generations;
        generations++;
        vault[d].live = LATER(today)
    :: else
    fi
}

/* Make a return: its number is spent before it leaves, here and in the second copy (exchange/publish.py). */
inline publish(d, how) {
    if
    :: !vault[d].serial || WEEK(today) - WEEK(vault[d].since) > LIFE -> outcome = REFUSED
    :: RULE(NEW_STATION) && vault[d].restored && vault[d].serial <= vault[d].floor -> outcome = REFUSED
    :: IS_BEHIND(d) -> outcome = REFUSED
    :: RULE(COPY) && how == AWAY ->
        outcome = REFUSED;
        make_keys(d)                                      /* before the copy is looked for; nobody is told of them */
    :: RULE(KEYS_OPEN) && d == A && !keyfiles && vault[A].keys != NOKEYS && SHOWS_OLD_KEYS -> outcome = REFUSED
    :: else ->
        make_keys(d);
        if
        :: how == AWAY -> vault[d].copied = SEEN(vault[d])
        :: else -> sync(d)
        fi;
        vault[d].number = (vault[d].number > BASE(vault[d].serial) -> vault[d].number : BASE(vault[d].serial)) + 1;
        vault[d].restored = 0;
        announce(d);
        /* PROMISE: each key that is announced is here and opens. */
        assert(d == B || keyfiles || !SHOWS_OLD_KEYS);
        vault[d].told = vault[d].told | (vault[d].copied & ~vault[d].withheld);
        if
        :: RULE(SPENT_FIRST) && how != AWAY && d == A -> set_vault(copy, vault[A])
        :: else
        fi;
        hand_over(d);
        returns[d]++
    fi
}

/* The key bundle that names today's keys, if the last one is of another serial or names others (exchange/key_chain.py). */
inline announce(d) {
    if
    :: vault[d].bundleserial != vault[d].serial ->
        vault[d].bundleserial = vault[d].serial;
        vault[d].bundle[0] = vault[d].keys + 1;
        vault[d].bundle[1] = 0
    :: else ->
        if
        :: !vault[d].bundle[1] && vault[d].bundle[0] != vault[d].keys + 1 -> vault[d].bundle[1] = vault[d].keys + 1
        :: else
        fi
    fi
}

inline hand_over(d) {
    set_return(older[d], newest[d]);
    newest[d].there = 1;
    newest[d].forged = 0;
    newest[d].station = vault[d].station;
    newest[d].serial = vault[d].serial;
    newest[d].since = vault[d].since;
    newest[d].number = vault[d].number;
    newest[d].made = WEEK(today);
    newest[d].receipts = vault[d].copied & ~vault[d].withheld;
    newest[d].bundle[0] = vault[d].bundle[0];
    newest[d].bundle[1] = vault[d].bundle[1];
    newest[d].list = vault[d].list
}

/* The root certifies the station; with each certificate comes the newest list. */
inline certify(d, unused) {
    serials[d]++;
    vault[d].anew = vault[d].anew | (d == A && vault[A].station > 0 && !vault[A].serial);   /* the successor's flag */
    vault[d].serial = serials[d];
    vault[d].since = today;
    vault[d].list = revoked
}

/* Two officers give up what was withheld. */
inline give_up(d, unused) {
    givenup[d] = givenup[d] | vault[d].withheld;
    vault[d].withheld = 0
}
