import type { CategoryWords } from "./grammar.ts";

export const garden: CategoryWords = {
  category: "garden",
  brands: [
    "Hollowfield",
    "Spade & Sparrow",
    "Greenmarch",
    "Thornbury Yard",
    "Loam",
    "Wrenhouse",
    "Terrafell",
    "Nettle Lane",
    "Kew Barrow",
    "Sower's Mark",
  ],
  closers: [
    "Can be sent back for a whole season.",
    "Made by a family firm that gardens at the weekend.",
    "A card with advice for each season is in the box.",
    "Chosen with the help of head gardeners.",
    "Sent without plastic.",
  ],
  kinds: [
    {
      title: "{brand} {style} Secateurs",
      words: { style: ["bypass", "anvil", "left-handed", "ratchet", "forged", "compact"] },
      openers: [
        "{brand}'s {style} secateurs close with a clean click and no crushing.",
        "{style} secateurs that fit small hands and large ones.",
      ],
      details: [
        "The blade comes out with one screw for sharpening.",
        "A wire notch spares the cutting edge.",
        "The catch works with either thumb.",
      ],
      usd: [19, 69],
      axes: [{ values: ["Secateurs Only", "With Holster"], step: 0.3 }],
    },
    {
      title: "{brand} {style} Planter",
      words: { style: ["terracotta", "fibre-clay", "galvanised", "cedar", "self-watering", "glazed"] },
      openers: [
        "A {style} planter with enough depth for real roots.",
        "{brand}'s {style} planter stands on feet, so that water runs off.",
      ],
      details: [
        "It is frost-proof down to minus fifteen degrees.",
        "The drainage hole has a plug for indoor use.",
        "It ages well, and faster with yoghurt.",
      ],
      usd: [18, 119],
      axes: [{ values: ["20 cm", "30 cm", "40 cm", "55 cm"], step: 0.4 }],
    },
    {
      title: "{brand} {style} Watering Can",
      words: { style: ["long-reach", "galvanised", "copper", "indoor", "brass-rose", "two-handle"] },
      openers: [
        "A {style} watering can that pours where it is pointed.",
        "{brand}'s {style} watering can is balanced full and half empty.",
      ],
      details: [
        "The rose comes off for a single stream.",
        "The seams are soldered, and every can is tested with water.",
        "The opening is wide enough for a rain-barrel tap.",
      ],
      usd: [22, 89],
      axes: [{ values: ["1 L", "5 L", "9 L"], step: 0.3 }],
    },
    {
      title: "{brand} {style} Hose",
      words: { style: ["kink-free", "expanding", "braided", "rubber", "lightweight", "drinking-water"] },
      openers: [
        "A {style} hose that uncoils and stays uncoiled.",
        "{brand}'s {style} hose has brass ends that can be crushed by nothing smaller than a car.",
      ],
      details: [
        "It stays supple at freezing point.",
        "Fittings for three kinds of tap are included.",
        "A spray head with six patterns comes with it.",
      ],
      usd: [25, 79],
      axes: [{ values: ["10 m", "20 m", "30 m"], step: 0.45 }],
    },
    {
      title: "{brand} {style} Bird Feeder",
      words: { style: ["squirrel-proof", "window", "seed", "cedar", "hanging", "domed"] },
      openers: [
        "A {style} bird feeder that is refilled in a minute.",
        "{brand}'s {style} bird feeder brings finches within reading distance.",
      ],
      details: [
        "It comes apart for the dishwasher.",
        "The perches suit small birds and discourage pigeons.",
        "The roof keeps seed dry in sideways rain.",
      ],
      usd: [14, 59],
      axes: [{ values: ["Feeder Only", "With 2 kg Seed"], step: 0.35 }],
    },
    {
      title: "{brand} {style} Garden Fork",
      words: { style: ["digging", "border", "stainless", "ash-handled", "potato", "children's"] },
      openers: [
        "{brand}'s {style} garden fork goes into clay without complaint.",
        "A {style} garden fork to be handed down.",
      ],
      details: [
        "Head and socket are forged from one piece of steel.",
        "The handle is steam-bent ash, oiled and not varnished.",
        "The tines are ground square, to lift and not to stab.",
      ],
      usd: [29, 99],
      axes: [{ values: ["Standard", "Long Handle"], step: 0.12 }],
    },
    {
      title: "{brand} {style} Seed Collection",
      words: {
        style: ["wildflower", "kitchen herb", "heirloom tomato", "salad leaf", "cut-flower", "pollinator"],
      },
      openers: [
        "A {style} collection chosen to come up one after another from spring to autumn.",
        "{brand}'s {style} seeds are grown openly and tested each year.",
      ],
      details: [
        "Each packet says when to sow in six climates.",
        "All seeds are open-pollinated and can be saved.",
        "A sowing calendar for the wall is folded inside.",
      ],
      usd: [9, 29],
      axes: [{ values: ["6 Packets", "12 Packets", "20 Packets"], step: 0.5 }],
    },
  ],
};
