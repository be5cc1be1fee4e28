/* One step of the exchange: a guard, what happens, the promises that always hold, and a line for the replay. */

#define E_seal 1
#define E_send 2
#define E_export 3
#define E_take_in 4
#define E_publish 5
#define E_take 6
#define E_certify 7
#define E_give_up 8
#define E_take_list 9
#define E_advance 10
#define E_back_up 11
#define E_lose 12
#define E_restore 13
#define E_promote 14
#define E_go_back 15
#define E_lose_keys 16
#define E_new_keys 17
#define E_rot 18
#define E_read_copy 19
#define E_store_backup 20
#define E_store_restore 21
#define E_steal 22
#define E_forge 23
#define E_recertify 24
#define E_revoke 25
#define E_forged_export 26
#define E_kill_import 27
#define E_old_keys 28
#define E_round 29

#ifdef SCRIPT
int script[SCRIPT + 1];  /* code -> model: each entry must be possible where it is, or the simulation stops early */
int place;
#include "script.pml"
#define TURN(name, a, b) (script[place] == 100 * E_##name + 10 * (a) + (b))
#else
#define TURN(name, a, b) true
#endif

#define ACT(name, a, b, guard) d_step { (TURN(name, a, b) && (guard)) -> outcome = DONE; name(a, b); said(E_##name, a, b) }

/* outcomes */
#define DONE    0
#define REFUSED 1
#define AGAIN   2      /* taken before, nothing new */
#define DOUBTED 3      /* its reports were taken in, and it is not believed about the server */

#define SEEN(v) (v.opened | v.other | v.unopened)

inline forget() {
    i_ = 0;
    e_ = 0;
    m_ = 0;
    new_ = 0;
    stays_ = 0;
    k_ = 0;
    ok_ = 0;
    a_ = 0;
    f_ = 0;
    outcome = DONE;
    forged_.made = 0;
    forged_.number = 0
}

inline said(name, a, b) {
    printf("EV %d %d %d %d | %d %d %d %d %d %d %d %d | ", name, a, b, outcome,
        store.held, store.receipts[A], store.receipts[B],
        store.newest[A].number, store.newest[B].number, store.keyserial[A], store.keyserial[B],
        store.list);
    printf("%d %d | %d %d %d %d %d %d %d %d %d | ", alive, keyfiles,
        vault[A].opened, vault[A].other, vault[A].unopened, vault[A].withheld, vault[A].copied, vault[A].live,
        vault[A].number, vault[A].serial, vault[A].day);
    printf("%d %d %d %d %d %d %d %d %d\n",
        vault[B].opened, vault[B].other, vault[B].unopened, vault[B].withheld, vault[B].copied, vault[B].live,
        vault[B].number, vault[B].serial, vault[B].day);
#ifdef SCRIPT
    place++;
#endif
    assert(goal != name);   /* an event that a run looks for is an error of that run */
    forget()
}

/* Rules that can be taken out. pan takes its choice at run time, so that it is compiled once; a simulation by -DWITHOUT=n. */
#define R_NUMBER_RANGE 1
#define R_MADE 2
#define R_KEY_REVOKED 3
#define R_ONE_BODY 4
#define R_ORDER 5
#define R_WAITING 6
#define R_VOTE_ENDS 7
#define R_ANEW 8
#define R_BEHIND 9
#define R_CERTIFIED_FIRST 10
#define R_BY_DAY 11
#define R_SIGNED_EXPORT 12
#define R_FUTURE 13
#define R_REMEMBERED_LAST 14
#define R_NEW_STATION 15
#define R_COPY 16
#define R_KEYS_OPEN 17
#define R_SPENT_FIRST 18
#define R_WHOLE_READ 19

#ifndef WITHOUT
#define WITHOUT 0
#endif
#ifndef KINDS
#define KINDS 15
#endif
byte goal, without = WITHOUT, kinds = KINDS, most_troubles = TROUBLES, most_exports = EXPORTS, most_returns = RETURNS, most_weeks = WEEKS;
#define RULE(name) (without != R_##name)
