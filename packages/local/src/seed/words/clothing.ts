import { type CategoryWords, clothingSizes } from "./grammar.ts";

const knitColours = { values: ["Oat", "Navy", "Forest", "Rust"] };

export const clothing: CategoryWords = {
  category: "clothing",
  brands: [
    "Aldergrove",
    "Fenwick Row",
    "Marlowe Knit",
    "Sund & Strand",
    "Cotswell",
    "Ravello Studio",
    "Thistledown",
    "Hemming Lane",
    "Brae & Burn",
    "Ostara",
  ],
  closers: [
    "Washes at thirty degrees, lasts for years.",
    "Cut and sewn in one workshop.",
    "A length of matching yarn is in the parcel, for mending.",
    "Can be exchanged for another size or colour within a month.",
    "Sent without plastic.",
  ],
  kinds: [
    {
      title: "{brand} {style} Sweater",
      words: { style: ["merino", "cable-knit", "lambswool", "crew-neck", "roll-neck", "fisherman's"] },
      openers: [
        "{brand}'s {style} sweater is warm without being heavy.",
        "A {style} sweater to be put on in October and taken off in April.",
      ],
      details: [
        "The yarn is spun from sheep that are not mulesed.",
        "Cuffs and hem are knitted double and keep their shape.",
        "It is finished by hand at the shoulders, where seams rub.",
      ],
      usd: [69, 189],
      axes: [clothingSizes, knitColours],
    },
    {
      title: "{brand} {style} Shirt",
      words: { style: ["Oxford", "linen", "flannel", "poplin", "overdyed", "band-collar"] },
      openers: [
        "A {style} shirt that looks ironed when it is not.",
        "{brand}'s {style} shirt is cut with room at the shoulders and none to spare at the waist.",
      ],
      details: [
        "The buttons are real shell.",
        "The tail is long enough to stay tucked and short enough not to be.",
        "It softens with every wash.",
      ],
      usd: [45, 119],
      axes: [clothingSizes, { values: ["White", "Sky", "Stone"] }],
    },
    {
      title: "{brand} {style} T-Shirt",
      words: { style: ["heavyweight", "organic cotton", "pocket", "long-sleeve", "boxy", "striped"] },
      openers: [
        "A {style} T-shirt whose collar outlives its owner's patience.",
        "{brand}'s {style} T-shirt is knitted in the round, so it has no side seams.",
      ],
      details: [
        "It is washed before it is cut, and shrinks no more.",
        "The cotton is grown, spun and sewn within two hundred kilometres.",
        "The neck is bound with the cloth itself.",
      ],
      usd: [19, 49],
      axes: [clothingSizes, { values: ["White", "Black", "Washed Blue"] }],
    },
    {
      title: "{brand} {style} Jacket",
      words: { style: ["rain", "quilted", "chore", "waxed", "down", "windproof"] },
      openers: [
        "{brand}'s {style} jacket has pockets where hands look for them.",
        "A {style} jacket for the months when nobody knows what to wear.",
      ],
      details: [
        "The hood turns with the head.",
        "A two-way zip opens from below for sitting and cycling.",
        "The inner pocket is deep enough for a map or a tablet.",
      ],
      usd: [99, 349],
      axes: [clothingSizes, { values: ["Olive", "Black"] }],
    },
    {
      title: "{brand} {style} Trousers",
      words: { style: ["wide-leg", "tapered", "corduroy", "pleated", "straight-leg", "stretch"] },
      openers: [
        "{brand}'s {style} trousers sit well standing and sitting.",
        "{style} trousers that pass in an office and survive a train floor.",
      ],
      details: [
        "The hem can be let down by four centimetres.",
        "The front pockets are cut deep and sewn twice.",
        "A hidden tab adjusts the waist after lunch.",
      ],
      usd: [59, 159],
      axes: [{ values: ["28", "30", "32", "34", "36", "38"], step: 0 }],
    },
    {
      title: "{brand} {style} Socks",
      words: { style: ["hiking", "ribbed", "merino", "ankle", "cushioned", "terry"] },
      openers: [
        "{style} socks that stay up and leave no mark.",
        "{brand}'s {style} socks have a left and a right, and it matters.",
      ],
      details: [
        "Heels and toes are reinforced, and the toe seam is linked by hand.",
        "They dry overnight on a chair.",
        "Any pair with a hole is replaced, no questions asked.",
      ],
      usd: [9, 29],
      axes: [{ values: ["36–38", "39–41", "42–44", "45–47"], step: 0 }],
    },
    {
      title: "{brand} {style} Scarf",
      words: { style: ["cashmere", "woven", "checked", "silk", "lightweight", "brushed"] },
      openers: [
        "A {style} scarf, long enough to go round twice.",
        "{brand}'s {style} scarf is woven on looms older than the weavers.",
      ],
      details: [
        "The fringe is twisted by hand.",
        "It folds into a coat pocket and comes out without creases.",
        "The colours are dyed in the yarn and do not run.",
      ],
      usd: [35, 149],
      axes: [{ values: ["Heather", "Camel", "Midnight", "Berry"] }],
    },
  ],
};
