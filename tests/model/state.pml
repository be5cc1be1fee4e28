/* What each machine remembers. Masks have a bit for each report: bit r is report r. */

#define A 0          /* the desk that may lose its machine, be robbed and restored */
#define B 1          /* a desk that works without accidents, and whose receipts are needed too */

#define BIT(r)       (1 << (r))
#define ALL          (BIT(REPORTS) - 1)

/* A return's number is 8 * (serial - 1) + 1 ... 8 * serial - 1; the code's range is 65536 * (serial - 1) + 1 ... 65536 * serial. */
#define RANGE        8
#define BASE(s)      (RANGE * ((s) - 1))
#define LAST(s)      (RANGE * (s) - 1)
#define BEYOND       250   /* a number of no serial that is ever given out */

/* Weeks: time goes from one to the next, and stands still at the last. Rules of days are rules of whole weeks here. */
#define GRACE        3     /* a key of week e may go when an export of week e + 3 or later says that nothing waits */
#define COMPLETE     1     /* the server takes a report of week e until week e + 1 */
#define LIFE         14    /* weeks that a certificate, and the list that came with it, hold */
#define WAITED       11    /* a desk revoked in week w is waited for until week w + 11 */
#define NEVER        99    /* a day that no clock here reaches */

typedef Report {
    byte phase;      /* UNBORN, SEALED: not sent yet, SENT: acknowledged */
    byte desk;
    byte epoch;      /* the week whose key it is sealed to */
    byte keys;       /* which keys of the desk: 0 the first, then those that were made anew */
    byte slots       /* desks that its sealer knew */
}

typedef Return {
    bit there;  /* 0: there is no such file */
    bit forged;      /* signed by the thief */
    byte station;    /* whose key signed it */
    byte serial;
    byte since;      /* week of its certificate, and of the list that it carries */
    byte number;
    byte made;       /* the week that it claims */
    byte receipts;
    byte bundle[2];  /* keys that the first and the second key bundle of the serial announce, plus 1; 0: no second one */
    bit list         /* its list names the stolen key */
}

typedef Export {
    bit there;
    byte made;
    byte number;
    byte held
}

typedef Store {
    byte held;               /* reports */
    byte receipts[2];        /* of each desk */
    Return newest[2];        /* of each desk: the return that was taken last; its board is what reporters read */
    byte keyserial[2];       /* of the newest key bundle: serial, place in it, keys that it announces, station */
    byte keyplace[2];
    byte keys[2];
    byte keystation[2];
    byte known[SERIALS2];    /* desk A: keys that each bundle ever taken announces, plus 1, by serial and place */
    bit list;                /* the list of revocations names the stolen key */
    byte exports             /* number of the last export */
}

typedef Vault {
    byte opened;
    byte other;              /* another desk's */
    byte unopened;           /* no key here opens it */
    byte withheld;           /* no receipt before two officers decide */
    byte copied;             /* the second copy was seen to hold it */
    byte told;               /* a receipt went out */
    byte live;               /* weeks whose keys are neither destroyed nor lost: bit e is week e */
    byte keys;               /* which keys they are */
    byte station;
    byte serial;             /* of its certificate; 0: it has none */
    byte since;
    bit list;
    byte number;             /* of its last return */
    byte bundle[2];          /* as in a return, of the certificate's serial */
    byte bundleserial;
    byte day;                /* the newest export that it believed */
    byte exported;
    bit anew;                /* under the weeks' numbers other keys of this desk exist or existed */
    bit restored;            /* and not published since */
    byte floor               /* the highest serial that the backup knew */
}

#define UNBORN 0
#define SEALED 1
#define SENT   2

Report report[REPORTS];
Store store, stored;         /* the server, and its backup */
byte backed;                 /* 1: there is such a backup, 2: it was restored */
Vault vault[2];
Vault copy;                  /* second copy of desk A */
Vault image;                 /* backup of desk A */
bit imaged;
bit alive = 1;               /* desk A has a workstation */
bit behind;                  /* ... that was started from old files, while its second copy knows better */
bit keyfiles = 1;            /* ... and its key files are in one of both */
byte rotten;                 /* sealed files that rot in desk A's second copy */

Return newest[2], older[2];  /* what the courier has of each desk */
Export drive, drawer;        /* the newest export, and one before it */

byte today;                    /* place in the list of weeks */
byte serials[2];             /* serials that the root gave out */
byte generations = 1;        /* sets of keys that desk A ever made */
byte stations = 1;           /* station keys that desk A ever had */

/* the thief and the root's answer */
bit stolen, revoked;
byte thief, thiefserial, thiefsince, revokedserial, revokedweek;
byte shown;                  /* place in the weeks of the newest list without that key that anybody could read */

/* bounds */
byte troubles, exports, returns[2];   /* what was used up of them */

/* ghosts: what really is, whatever the machines remember */
byte safe[2];                /* reports that the desk had in two places at one moment */
byte givenup[2];             /* reports that two officers of the desk gave up */
byte believed[2];            /* week of the newest honest export that each desk took in, plus 1 */

byte i_, e_, m_, new_, stays_, k_, ok_, a_, f_, outcome;   /* of one step: 0 between two */
Export forged_;
Vault nothing;               /* a new vault */
