/* The server: it takes reports, and a return of a desk all or not at all (FORMAT "Return", courier/importing.py). */

#define IS_REVOKED(d) ((d) == A && store.list && store.keystation[A] == thief)
#define IS_OPEN(d)    (store.keyserial[d] > 0 && !IS_REVOKED(d))

inline seal(r, d) {
    report[r].phase = SEALED;
    report[r].desk = d;
    report[r].epoch = WEEK(today);
    report[r].keys = store.keys[d];
    report[r].slots = (IS_OPEN(A) -> 1 : 0) + (IS_OPEN(B) -> 1 : 0)
}

inline send(r, unused) {
    report[r].phase = SENT;
    store.held = store.held | BIT(r)
}

/* A list names keys; without that rule it names serials. */
#define IS_THIEFS(x) (RULE(KEY_REVOKED) -> x.station == thief : x.serial == revokedserial)

/* Whether a rule of the server refuses a return. The order of the checks does not matter: none changes anything. */
inline check(d, x) {
    outcome = DONE;
    if
    :: RULE(NUMBER_RANGE) && (x.number <= BASE(x.serial) || x.number > LAST(x.serial)) -> outcome = REFUSED
    :: RULE(MADE) && x.made > WEEK(today) -> outcome = REFUSED
    :: WEEK(today) - WEEK(x.since) > LIFE -> outcome = REFUSED
    :: d == A && (store.list || x.list) && IS_THIEFS(x) -> outcome = REFUSED
    :: RULE(ONE_BODY) && d == A && store.known[2 * x.serial] && store.known[2 * x.serial] != x.bundle[0] -> outcome = REFUSED
    :: RULE(ONE_BODY) && d == A && store.known[2 * x.serial + 1] && x.bundle[1] && store.known[2 * x.serial + 1] != x.bundle[1] ->
        outcome = REFUSED
    :: x.serial < store.keyserial[d] -> outcome = REFUSED
    :: x.serial == store.keyserial[d] && (x.bundle[1] -> 1 : 0) < store.keyplace[d] -> outcome = REFUSED
    :: RULE(ORDER) && store.newest[d].there && x.number < store.newest[d].number -> outcome = REFUSED
    :: else
    fi;
    if
    :: outcome == DONE && store.newest[d].there && x.number == store.newest[d].number ->
        if
        :: (x.forged == store.newest[d].forged && x.station == store.newest[d].station && x.made == store.newest[d].made
           && x.receipts == store.newest[d].receipts && x.bundle[0] == store.newest[d].bundle[0]
           && x.bundle[1] == store.newest[d].bundle[1]) -> outcome = AGAIN
        :: else -> outcome = REFUSED
        fi
    :: else
    fi
}

#define HAS_VOTE (!RULE(VOTE_ENDS) || WEEK(today) <= revokedweek + WAITED)

/* Which desks must have given a receipt before a report goes (courier/quorum.py). */
inline delete_collected(d) {
    m_ = 0;
    a_ = d == A || IS_OPEN(A);                                       /* desk A is required for every report */
    f_ = RULE(WAITING) && d != A && store.keyserial[A] > 0 && IS_REVOKED(A) && HAS_VOTE;   /* ... was, and is waited for */
    k_ = a_ + (d == B || store.keyserial[B] > 0);
    for (i_ : 0 .. REPORTS - 1) {
        ok_ = (store.held & BIT(i_)) > 0;
        if
        :: ok_ && (a_ || (f_ && (report[i_].epoch <= revokedweek || report[i_].slots > k_))) ->
            ok_ = (store.receipts[A] & BIT(i_)) > 0
        :: else
        fi;
        if
        :: ok_ && (d == B || store.keyserial[B] > 0) -> ok_ = (store.receipts[B] & BIT(i_)) > 0
        :: else
        fi;
        if
        :: ok_ -> m_ = m_ | BIT(i_)
        :: else
        fi
    }
    /* PROMISE: no acknowledged report goes before somebody has it in two places, or two officers gave it up. */
    for (i_ : 0 .. REPORTS - 1) {
        assert(!(m_ & BIT(i_)) || ((safe[report[i_].desk] | givenup[report[i_].desk]) & BIT(i_))
               || report[i_].keys == THIEFKEYS
               || (report[i_].desk == A && IS_REVOKED(A) && WEEK(today) > revokedweek + WAITED))
    }
    store.held = store.held & ~m_;
    /* PROMISE: when the wait for a revoked desk is over, what the others have collected goes. */
    assert(!(d == B && IS_REVOKED(A) && WEEK(today) > revokedweek + WAITED) || !(store.held & store.receipts[B]));
    store.receipts[A] = store.receipts[A] & store.held;
    store.receipts[B] = store.receipts[B] & store.held
}

inline accept(d, x) {
    check(d, x);
    /* PROMISE: the newest return of a certified desk is taken, unless somebody else has its key, or the root gave a thief
     * a higher serial. */
    assert(outcome != REFUSED || x.forged || x.number != newest[d].number || newest[d].forged || x.made != newest[d].made
           || !alive || vault[d].station != x.station || vault[d].serial != x.serial
           || vault[d].number != x.number || WEEK(today) - WEEK(x.since) > LIFE
           || (d == A && stolen && (thief == x.station || thiefserial > x.serial)));
    if
    :: outcome == DONE ->
        /* PROMISE: boards never go back, and come from no day ahead. */
        assert(!store.newest[d].there || x.number > store.newest[d].number);
        assert(x.made <= WEEK(today));
        /* PROMISE: what a revoked key signs is not taken where the list is known. */
        assert(!(d == A && (store.list || x.list) && x.station == thief));
        /* PROMISE: a key bundle's number has one body for ever. */
        assert(d == B || !store.known[2 * x.serial] || store.known[2 * x.serial] == x.bundle[0]);
        assert(d == B || !x.bundle[1] || !store.known[2 * x.serial + 1] || store.known[2 * x.serial + 1] == x.bundle[1]);
        set_return(store.newest[d], x);
        store.list = store.list | x.list;
        shown = (!x.list && WEEK(x.since) > WEEK(shown) -> x.since : shown);
        store.receipts[d] = store.receipts[d] | (x.receipts & store.held);
        delete_collected(d);
        store.keyserial[d] = x.serial;
        store.keyplace[d] = (x.bundle[1] -> 1 : 0);
        store.keys[d] = (x.bundle[1] -> x.bundle[1] : x.bundle[0]) - 1;
        store.keystation[d] = x.station;
        if
        :: d == A ->
            store.known[2 * x.serial] = x.bundle[0];
            store.known[2 * x.serial + 1] = (x.bundle[1] -> x.bundle[1] : store.known[2 * x.serial + 1])
        :: else
        fi
    :: else
    fi
}
