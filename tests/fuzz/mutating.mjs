// Changes inputs as libFuzzer does: bits, bytes, numbers, stretches, words of the format, and pieces of other inputs.
//
// Rule: the same seed makes the same inputs.

/** mulberry32: numbers below `most`. */
export function random(seed) {
  let state = seed >>> 0;
  return (most) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * most);
  };
}

const NUMBERS = [
  0,
  1,
  2,
  4,
  8,
  12,
  13,
  16,
  64,
  127,
  128,
  255,
  256,
  32767,
  32768,
  65535,
  2 ** 31 - 1,
  2 ** 31,
  2 ** 32 - 1,
];

const spliced = (bytes, from, to, middle) => {
  const made = new Uint8Array(from + middle.length + bytes.length - to);
  made.set(bytes.subarray(0, from));
  made.set(middle, from);
  made.set(bytes.subarray(to), from + middle.length);
  return made;
};

/** One input from another: one to four changes. */
export function mutated(below, bytes, { words, other, most }) {
  let made = bytes;
  for (let left = 1 + below(4); left > 0; left--) made = changed(below, made, words, other());
  return made.subarray(0, most);
}

function changed(below, bytes, words, other) {
  const at = below(bytes.length + 1);
  const until = Math.min(bytes.length, at + 1 + below(below(4) ? 8 : 400));
  const piece = (source) => {
    const start = below(source.length + 1);
    return source.subarray(start, start + 1 + below(below(4) ? 16 : 600));
  };
  switch (below(9)) {
    case 0: {
      const copy = Uint8Array.from(bytes);
      if (at < copy.length) copy[at] ^= 1 << below(8);
      return copy;
    }
    case 1: {
      const copy = Uint8Array.from(bytes);
      if (at < copy.length) copy[at] = below(256);
      return copy;
    }
    case 2:
      return spliced(bytes, at, until, new Uint8Array());
    case 3:
      return spliced(
        bytes,
        at,
        at,
        Uint8Array.from({ length: 1 + below(8) }, () => below(256)),
      );
    case 4: {
      const size = [1, 2, 4][below(3)];
      const number = below(2) ? NUMBERS[below(NUMBERS.length)] : bytes.length - at + below(9) - 4;
      const digits = Array.from({ length: size }, (_, digit) => Math.floor(number / 256 ** digit) & 255);
      const written = Uint8Array.from(below(2) ? digits : digits.reverse());
      return spliced(bytes, at, Math.min(bytes.length, at + size), written);
    }
    case 5:
      return spliced(bytes, at, below(2) ? at : until, words[below(words.length)]);
    case 6:
      return spliced(bytes, at, at, piece(bytes));
    case 7:
      return spliced(bytes, at, below(2) ? at : until, piece(other));
    default:
      return spliced(bytes, at, bytes.length, piece(other));
  }
}
