// What must hold for every picture, and for bytes that only look like one.
import assert from "node:assert/strict";
import { test } from "node:test";

import { MalformedError } from "../../dropbox/web/browser/src/errors.js";
import { concat, utf8 } from "../../dropbox/web/browser/src/wire/bytes.js";
import { u16, u32, u8 } from "../../dropbox/web/browser/src/wire/fields.js";
import { PICTURE_MAX_BYTES, check } from "../../dropbox/web/browser/src/pictures/checking.js";
import { bareExif, isBare, orientationOf } from "../../dropbox/web/browser/src/pictures/exif.js";
import { cleanJpeg } from "../../dropbox/web/browser/src/pictures/jpeg.js";
import { isTellingName } from "../../dropbox/web/browser/src/pictures/kinds.js";
import { cleanPng } from "../../dropbox/web/browser/src/pictures/png.js";
import { bareProfile } from "../../dropbox/web/browser/src/pictures/profile.js";
import { cleanWebp } from "../../dropbox/web/browser/src/pictures/webp.js";
import { fc, library } from "./dev.mjs";

const bytes = (size) => fc.uint8Array({ maxLength: size });
const le32 = (value) => u32(value).reverse();
const segment = (marker, body) => concat(new Uint8Array([0xff, marker]), u16(2 + body.length), body);
const chunk = (name, data) => concat(u32(data.length), utf8(name), data, u32(0));
const riff = (name, data) => concat(utf8(name), le32(data.length), data, new Uint8Array(data.length & 1));

const SOI = new Uint8Array([0xff, 0xd8]);
const EOI = new Uint8Array([0xff, 0xd9]);
const FRAME = segment(0xc0, new Uint8Array([8, 0, 1, 0, 1, 3, ...new Array(9).fill(0)]));
const SCAN = concat(
  segment(0xda, new Uint8Array([3, ...new Array(9).fill(0)])),
  new Uint8Array([1, 0xff, 0, 2, 0xff, 0xd0, 3]),
);
const PNG = new Uint8Array([137, 80, 78, 71, 13, 10, 26, 10]);

const app = fc.tuple(fc.integer({ min: 0xe0, max: 0xef }), bytes(60)).map(([marker, body]) => segment(marker, body));
const named = fc.constantFrom("JFIF\0", "Exif\0\0", "ICC_PROFILE\0\x01\x01", "Adobe", "Exif\0\0MM\0*\0\0\0\x08");
const known = fc
  .tuple(fc.constantFrom(0xe0, 0xe1, 0xe2, 0xee, 0xfe), named, bytes(60))
  .map(([marker, name, body]) => segment(marker, concat(utf8(name), body)));
const jpegs = fc
  .tuple(fc.array(fc.oneof(app, known), { maxLength: 6 }), bytes(30))
  .map(([more, tail]) => concat(SOI, ...more, FRAME, SCAN, EOI, tail));

const name = (names) => fc.oneof(fc.constantFrom(...names), fc.stringMatching(/^[a-z][a-zA-Z]{3}$/));
const pngs = fc
  .tuple(fc.array(fc.tuple(name(["eXIf", "tEXt", "gAMA", "pHYs", "iCCP"]), bytes(40)), { maxLength: 6 }), bytes(30))
  .map(([more, tail]) =>
    concat(
      PNG,
      chunk("IHDR", new Uint8Array(13)),
      ...more.map(([one, data]) => chunk(one, data)),
      chunk("IDAT", tail),
      chunk("IEND", new Uint8Array()),
      tail,
    ),
  );
const webps = fc
  .tuple(
    fc.array(fc.tuple(name(["EXIF", "XMP ", "ICCP", "ALPH", "ANIM"]), bytes(40)), { maxLength: 6 }),
    bytes(30),
    fc.integer({ min: 0, max: 255 }),
  )
  .map(([more, tail, flags]) => {
    const head = riff("VP8X", concat(new Uint8Array([flags]), new Uint8Array(9)));
    const frame = riff("ANMF", concat(new Uint8Array(16), riff("VP8 ", tail), riff("junk", tail)));
    const body = concat(utf8("WEBP"), head, riff("VP8L", tail), frame, ...more.map(([one, data]) => riff(one, data)));
    return concat(utf8("RIFF"), le32(body.length), body, tail);
  });

const FORMATS = [
  ["jpeg", cleanJpeg, jpegs, concat(SOI, utf8("\0"))],
  ["png", cleanPng, pngs, PNG],
  ["webp", cleanWebp, webps, concat(utf8("RIFF"), le32(60), utf8("WEBP"))],
];

for (const [format, clean, pictures, start] of FORMATS) {
  test(`${format}: cleaning twice is cleaning once, and what is clean drops nothing`, () => {
    fc.assert(
      fc.property(pictures, (picture) => {
        const once = clean(picture).joined();
        const twice = clean(once);
        assert.equal(twice.dropped.size, 0);
        assert.deepEqual(twice.joined(), once);
        assert.ok(once.length <= picture.length + 40); // at most one bare Exif instead of another
      }),
    );
  });

  test(`${format}: ranges stay inside the picture, in their order`, () => {
    fc.assert(
      fc.property(pictures, (picture) => {
        let at = 0;
        for (const piece of clean(picture).pieces) {
          if (piece instanceof Uint8Array) continue;
          assert.ok(at <= piece.from && piece.from < piece.to && piece.to <= picture.length);
          at = piece.to;
        }
      }),
    );
  });

  test(`${format}: whatever is flipped, cut or made up is cleaned or malformed, and nothing else`, () => {
    const attempt = (untrusted) => {
      try {
        assert.equal(clean(clean(untrusted).joined()).dropped.size, 0);
      } catch (error) {
        assert.ok(error instanceof MalformedError, String(error));
      }
    };
    fc.assert(fc.property(bytes(300), (junk) => (attempt(junk), attempt(concat(start, junk)))));
    fc.assert(
      fc.property(pictures, fc.nat(), fc.nat(255), (picture, at, value) => {
        attempt(picture.subarray(0, at % picture.length));
        const bent = picture.slice();
        bent[at % picture.length] = value;
        attempt(bent);
      }),
      { numRuns: 500 },
    );
  });
}

test("lengths that lie are malformed", () => {
  const bad = [
    [cleanJpeg, concat(SOI, new Uint8Array([0xff, 0xe1, 0, 1]), FRAME, SCAN, EOI)],
    [cleanJpeg, concat(SOI, new Uint8Array([0xff, 0xe1, 0xff, 0xff]), FRAME, SCAN, EOI)],
    [cleanJpeg, concat(SOI, FRAME, SCAN)],
    [cleanJpeg, concat(SOI, EOI)],
    [cleanPng, concat(PNG, u32(0xffffffff), utf8("IHDR"), new Uint8Array(30))],
    [cleanPng, concat(PNG, chunk("IHDR", new Uint8Array(13)), chunk("IEND", new Uint8Array()))],
    [cleanPng, concat(PNG, chunk("IHDR", new Uint8Array(13)), chunk("CgBI", new Uint8Array(4)), chunk("IDAT", SOI))],
    [cleanWebp, concat(utf8("RIFF"), le32(0xffffffff), utf8("WEBPVP8 "), new Uint8Array(20))],
    [cleanWebp, concat(utf8("RIFF"), le32(24), utf8("WEBPVP8 "), le32(0x7fffffff), new Uint8Array(20))],
  ];
  for (const [clean, picture] of /** @type {[Function, Uint8Array][]} */ (bad))
    assert.throws(() => clean(picture), MalformedError);
});

test("a table, frame or scan that holds more than it says is malformed, as decoders find", () => {
  const [table, codes] = [new Uint8Array(65), new Uint8Array([0, 2, ...new Array(15).fill(0), 7, 7])];
  const bodies = {
    0xc0: FRAME.subarray(4),
    0xc4: concat(codes, codes),
    0xcc: u16(0),
    0xda: SCAN.subarray(4, 14),
    0xdb: concat(table, concat(u8(16), new Uint8Array(128))),
    0xdc: u16(1),
    0xdd: u16(4),
  };
  for (const [marker, body] of Object.entries(bodies)) {
    const picture = (more) => concat(SOI, FRAME, segment(Number(marker), concat(body, utf8(more))), SCAN, EOI);
    assert.equal(cleanJpeg(picture("")).dropped.size, 0, marker);
    assert.throws(() => cleanJpeg(picture("Kantor!")), MalformedError, marker);
  }
});

test("tags of a profile that begin at one place and end at others keep what each of them had", () => {
  const at = 128 + 4 + 2 * 12;
  const head = concat(new Uint8Array(36), utf8("acsp"), new Uint8Array(88));
  const data = concat(utf8("curv"), u32(0), u32(1), u16(563), utf8("????"));
  const table = concat(utf8("rTRC"), u32(at), u32(14), utf8("gTRC"), u32(at), u32(18));
  const bare = bareProfile(concat(head, u32(2), table, data));
  const view = new DataView(bare.buffer);
  for (const [entry, size] of [
    [132, 14],
    [144, 18],
  ]) {
    const from = view.getUint32(entry + 4);
    assert.deepEqual(bare.subarray(from, from + view.getUint32(entry + 8)), data.subarray(0, size));
  }
});

test("how a picture is turned is read in both byte orders, and any Exif or profile is read without an error", () => {
  const little = new Uint8Array([0x49, 0x49, 42, 0, 8, 0, 0, 0, 1, 0, 0x12, 1, 3, 0, 1, 0, 0, 0, 8, 0, 0, 0]);
  assert.equal(orientationOf(little), 8);
  for (let turned = 2; turned <= 8; turned++) {
    assert.equal(orientationOf(bareExif(turned)), turned);
    assert.ok(isBare(bareExif(turned)));
  }
  assert.equal(bareExif(1).length, 0);
  const order = fc.constantFrom(utf8("MM\0*\0\0\0\x08"), utf8("II*\0\x08\0\0\0"), new Uint8Array());
  fc.assert(
    fc.property(order, bytes(200), (head, junk) => {
      const value = orientationOf(concat(head, junk));
      assert.ok(value >= 1 && value <= 8);
      bareProfile(concat(new Uint8Array(36), utf8("acsp"), new Uint8Array(88), junk));
    }),
  );
});

const jpegFile = (bytes, type = "") => new File([bytes], "a.jpg", { type });

test("the library is asked only when there is something to name, and cleaning goes on without it", async () => {
  let asked = 0;
  const missing = async () => {
    asked += 1;
    throw new Error("not loaded");
  };
  const plain = concat(SOI, FRAME, SCAN, EOI);
  const telling = concat(SOI, segment(0xfe, utf8("Kantor")), segment(0xe1, utf8("Exif\0\0??")), FRAME, SCAN, EOI);
  assert.equal((await check(jpegFile(plain), missing)).state, "silent");
  assert.equal((await check(new File(["%PDF-1.7"], "a.jpg"), missing)).state, "office");
  assert.equal(asked, 0);
  const { state, tells, cleaned } = await check(jpegFile(telling, "image/jpeg"), missing);
  assert.deepEqual([state, tells, asked], ["found", ["text"], 1]);
  assert.ok(cleaned);
  assert.deepEqual([cleaned.name, cleaned.type], ["a.jpg", "image/jpeg"]);
  assert.deepEqual(new Uint8Array(await cleaned.arrayBuffer()), plain);
});

test("what the library still finds after cleaning is not called clean", async () => {
  const telling = concat(SOI, segment(0xfe, utf8("Kantor")), FRAME, SCAN, EOI);
  const stubborn = async () => ({ describe: async () => new Set(["location"]) });
  assert.equal((await check(jpegFile(telling), stubborn)).state, "broken");
});

test("a picture that cannot be read whole is not called silent: in small parts it may go all the same", async () => {
  const telling = concat(SOI, segment(0xe1, utf8("Exif\0\0GPS")), FRAME, SCAN, EOI);
  const full = jpegFile(telling);
  full.arrayBuffer = async () => assert.fail("Array buffer allocation failed");
  assert.equal((await check(full, library)).state, "broken");
  const away = jpegFile(telling);
  away.slice = () => full;
  assert.equal((await check(away, library)).state, "unknown");
});

test("a picture beyond the limit is not read", async () => {
  const head = jpegFile(concat(SOI, new Uint8Array([0xff]), new Uint8Array(20)));
  Object.defineProperty(head, "size", { value: PICTURE_MAX_BYTES + 1 });
  head.arrayBuffer = () => assert.fail("it was read whole");
  assert.equal((await check(head, library)).state, "large");
});

test("names that tell a day, an app, a camera's counter or a person's number are known", () => {
  const telling = [
    "IMG_20261125_083112.jpg",
    "WhatsApp Image 2026-11-25 at 08.31.12.jpeg",
    "PXL_2026.jpg",
    "Screenshot_1.png",
    "scan 20261125.pdf",
    "DSC01234.JPG",
    "Chat dengan +62 812-3456-7890.zip",
    "198503122010011004.pdf",
    "scan KTP saya.jpg",
    "C__Users_budi.png",
  ];
  const plain = [
    "foto.jpg",
    "kuitansi 3.pdf",
    "bukti-12345678901234.png",
    "SK 800-2026.pdf",
    "imgur.png",
    "mysql.pdf",
    "Rp 12.500.000.jpg",
  ];
  assert.deepEqual([...telling, ...plain].filter(isTellingName), telling);
});
