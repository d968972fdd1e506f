import { brightColours, type CategoryWords } from "./grammar.ts";

export const toys: CategoryWords = {
  category: "toys",
  brands: [
    "Tumblewick",
    "Little Meridian",
    "Pockethill",
    "Gnome & Gear",
    "Bramblebee",
    "Owl Parade",
    "Fablewood",
    "Marble Street",
    "Kite & Key",
    "Hopscotch Lab",
  ],
  closers: [
    "Tested to the toy safety standards of the EU, the UK, the US and India.",
    "Lost pieces are replaced for the price of a stamp.",
    "The box is part of the game.",
    "Needs no screen.",
    "Sturdy enough for younger brothers and sisters.",
  ],
  kinds: [
    {
      title: "{brand} {style} Building Blocks",
      words: { style: ["beechwood", "magnetic", "rainbow", "castle", "cork", "alphabet"] },
      openers: [
        "{style} building blocks that become whatever is needed.",
        "{brand}'s {style} building blocks are sanded until no corner hurts.",
      ],
      details: [
        "The sizes fit each other, so towers come out even.",
        "Colours are water-based and safe to chew.",
        "A cotton bag for tidying up is included.",
      ],
      usd: [19, 89],
      axes: [{ values: ["40 Pieces", "80 Pieces", "120 Pieces"], step: 0.45 }],
    },
    {
      title: "{brand} {style} Board Game",
      words: {
        style: ["harbour", "mountain railway", "beekeeping", "lighthouse", "night market", "caravan"],
      },
      openers: [
        "In this {style} board game players trade, plan and now and then forgive each other.",
        "{brand}'s {style} board game is explained in five minutes and takes forty.",
      ],
      details: [
        "It is for two to five players from eight years.",
        "The rules cover four pages, with pictures.",
        "Wooden pieces and a cloth map are in the box.",
      ],
      usd: [24, 69],
      axes: [{ values: ["Base Game", "With Expansion"], step: 0.5 }],
    },
    {
      title: "{brand} {style} Jigsaw Puzzle",
      words: { style: ["world map", "rainforest", "city at night", "botanical", "night sky", "bird atlas"] },
      openers: [
        "A {style} jigsaw puzzle with a picture that rewards looking closely.",
        "{brand}'s {style} jigsaw puzzle is cut so that no two pieces are alike.",
      ],
      details: [
        "The board is thick and the finish does not glare.",
        "A linen print to work from is included.",
        "The pieces lock: a finished part can be lifted.",
      ],
      usd: [14, 39],
      axes: [{ values: ["500 Pieces", "1000 Pieces", "2000 Pieces"], step: 0.4 }],
    },
    {
      title: "{brand} {style} Soft Toy",
      words: { style: ["fox", "elephant", "sleepy bear", "hare", "octopus", "tiger cub"] },
      openers: [
        "A soft {style} that is the right size for under an arm.",
        "{brand}'s {style} has a serious face and a soft middle.",
      ],
      details: [
        "It goes in the washing machine and comes out itself.",
        "Eyes and nose are embroidered, for the very young.",
        "It is filled with recycled fibre and weighted in the feet.",
      ],
      usd: [15, 49],
      axes: [{ values: ["Small", "Medium", "Large"], step: 0.4 }],
    },
    {
      title: "{brand} {style} Wooden Train Set",
      words: { style: ["starter", "mountain", "harbour", "freight", "night", "figure-eight"] },
      openers: [
        "A {style} train set that runs with every other wooden track.",
        "{brand}'s {style} train set comes with bridges that do not fall over.",
      ],
      details: [
        "Couplings are magnetic and swivel, so no wagon is the wrong way round.",
        "Track is double-sided and can be built upwards.",
        "The engine is heavy enough to pull twelve wagons.",
      ],
      usd: [29, 119],
      axes: [{ values: ["30 Pieces", "60 Pieces"], step: 0.5 }],
    },
    {
      title: "{brand} {style} Kite",
      words: { style: ["delta", "stunt", "rainbow", "dragon", "beginner's", "diamond"] },
      openers: [
        "A {style} kite that goes up in a light breeze.",
        "{brand}'s {style} kite is rigged at the factory and ready to fly.",
      ],
      details: [
        "The line is on a winder that fits small hands.",
        "Spars are carbon and can be bought singly.",
        "It comes in a sleeve with a sewn-in manual.",
      ],
      usd: [15, 79],
      axes: [brightColours],
    },
    {
      title: "{brand} {style} Science Kit",
      words: { style: ["crystal", "weather", "electricity", "microscope", "volcano", "plant"] },
      openers: [
        "A {style} science kit with experiments that really work.",
        "{brand}'s {style} science kit explains afterwards, not before.",
      ],
      details: [
        "Everything for twelve experiments is in the box.",
        "It is for eight years and older, and for their parents.",
        "The notebook asks questions and leaves room for answers.",
      ],
      usd: [19, 65],
      axes: [{ values: ["Standard", "Classroom"], step: 0.8 }],
    },
  ],
};
