/* Somebody who has a station's key, or may touch the stick; and what the root does about it. */

inline steal(unused, unused2) {
    troubles++;
    stolen = 1;
    thief = vault[A].station;
    thiefserial = vault[A].serial;
    thiefsince = vault[A].since;
    shown = (WEEK(vault[A].since) > WEEK(shown) -> vault[A].since : shown)
}

#define NEXT     0   /* kinds of a forged return */
#define TOP      1
#define FAR      2
#define AHEAD    3
#define TWOFOLD  4

inline forge(kind, unused) {
    troubles++;
    older[A].there = 1;
    older[A].forged = 1;
    older[A].station = thief;
    older[A].serial = thiefserial;
    older[A].since = (WEEK(shown) < WEEK(thiefsince) -> shown : thiefsince);   /* what ends sooner: list or certificate */
    older[A].number = (store.newest[A].number > BASE(thiefserial) -> store.newest[A].number : BASE(thiefserial)) + 1;
    older[A].number = (kind == TOP -> LAST(thiefserial) : (kind == FAR -> BEYOND : older[A].number));
    older[A].made = (kind == AHEAD -> NEVER : WEEK(today));
    older[A].receipts = 0;
    older[A].bundle[0] = (kind == TWOFOLD || !store.known[2 * thiefserial] -> THIEFKEYS + 1 : store.known[2 * thiefserial]);
    older[A].bundle[1] = (kind == TWOFOLD -> 0 : store.known[2 * thiefserial + 1]);
    older[A].list = 0
}

/* The root certifies the stolen key once more, by mistake: "certify the same request again". The list that comes with the
 * certificate names the key, so the thief's returns have an older one, and last no longer than that. */
inline recertify(unused, unused2) {
    serials[A]++;
    thiefserial = serials[A];
    thiefsince = today
}

inline revoke(unused, unused2) {
    revoked = 1;
    revokedserial = thiefserial;
    revokedweek = WEEK(today)
}

/* An export that the server did not sign: of today and without reports (0), or of a day far ahead (1).
 * With the server's stolen key (2) it is of a day far ahead. */
inline forged_export(d, kind) {
    troubles++;
    outcome = DOUBTED;
    forged_.made = (kind == 0 -> WEEK(today) : NEVER);
    forged_.number = BEYOND;
    if
    :: IS_BEHIND(d) || IS_NEW(d) -> outcome = REFUSED
    :: else ->
        if
        :: (kind < 2 && !RULE(SIGNED_EXPORT)) || (kind == 2 && !RULE(FUTURE)) -> swallow(d)
        :: else -> sync(d)
        fi
    fi
}

inline swallow(d) {
    stays_ = 0;
    outcome = DONE;
    if
    :: forged_.made != NEVER -> destroy_spent(d, forged_)
    :: else                     /* the grace is counted until today alone */
    fi;
    vault[d].day = forged_.made + 1;
    vault[d].exported = forged_.number;
    sync(d)
}
