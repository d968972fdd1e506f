import { type CategoryWords, techColours } from "./grammar.ts";

export const office: CategoryWords = {
  category: "office",
  brands: [
    "Deskwright",
    "Papyra",
    "Margin Works",
    "Foldmark",
    "Clerk & Crane",
    "Ledgerby",
    "Northdesk",
    "Stillpoint",
    "Inkwell Yard",
    "Halfsheet",
  ],
  closers: [
    "Guaranteed for five years of daily use.",
    "Company orders get one invoice.",
    "Designed by people who share an office.",
    "Delivered without plastic.",
    "Spare parts and refills are sold for as long as we are.",
  ],
  kinds: [
    {
      title: "{brand} {style} Desk Chair",
      words: { style: ["mesh", "ergonomic", "swivel", "task", "felt-backed", "height-adjustable"] },
      openers: [
        "A {style} desk chair that is set up once and then forgotten.",
        "{brand}'s {style} desk chair moves with the back and not against it.",
      ],
      details: [
        "Arms, seat and back adjust without getting up.",
        "The castors are soft, for wooden floors.",
        "Every part that wears can be ordered by its number.",
      ],
      usd: [149, 549],
      axes: [{ values: ["Black", "Grey", "Petrol"] }],
    },
    {
      title: "{brand} {style} Notebook",
      words: { style: ["dotted", "ruled", "clothbound", "pocket", "lay-flat", "numbered"] },
      openers: [
        "A {style} notebook with paper that takes ink without a shadow.",
        "{brand}'s {style} notebook opens flat on any page.",
      ],
      details: [
        "It has 192 pages, two ribbons and a pocket.",
        "The paper is 100 grams and slightly cream.",
        "An elastic band holds it shut and a pen in place.",
      ],
      usd: [9, 35],
      axes: [{ values: ["A6", "A5", "B5"], step: 0.25 }, { values: ["Ink Blue", "Brick"] }],
    },
    {
      title: "{brand} {style} Fountain Pen",
      words: { style: ["steel-nib", "lacquered", "pocket", "brass", "student", "demonstrator"] },
      openers: [
        "A {style} fountain pen that starts at once, even after a holiday.",
        "{brand}'s {style} fountain pen weighs as much as it should.",
      ],
      details: [
        "It takes cartridges and comes with a converter.",
        "The nib unscrews and costs little to change.",
        "The cap clicks on either end.",
      ],
      usd: [19, 129],
      axes: [{ values: ["Extra Fine", "Fine", "Medium", "Broad"] }],
    },
    {
      title: "{brand} {style} Keyboard",
      words: { style: ["mechanical", "low-profile", "split", "compact", "silent", "wireless"] },
      openers: [
        "A {style} keyboard for people who write all day.",
        "{brand}'s {style} keyboard has travel, resistance and no rattle.",
      ],
      details: [
        "Switches pull out and can be changed one by one.",
        "It pairs with three machines and changes with a key.",
        "Feet at front and back set two angles.",
      ],
      usd: [49, 199],
      axes: [{ values: ["US Layout", "UK Layout", "German Layout"] }],
    },
    {
      title: "{brand} {style} Monitor Arm",
      words: { style: ["gas-spring", "dual", "clamp-on", "heavy-duty", "slim", "laptop"] },
      openers: [
        "A {style} monitor arm that stays where it is pushed.",
        "{brand}'s {style} monitor arm gives back the desk below the screen.",
      ],
      details: [
        "Cables run inside it.",
        "It holds 2 to 9 kilograms and is set with one screw.",
        "The clamp takes desks of up to 8 centimetres.",
      ],
      usd: [45, 179],
      axes: [techColours],
    },
    {
      title: "{brand} {style} Desk Organiser",
      words: { style: ["bamboo", "felt", "stackable", "steel", "three-tray", "cork"] },
      openers: [
        "A {style} desk organiser for pens, post and the things between.",
        "{brand}'s {style} desk organiser makes a habit of the bottom drawer.",
      ],
      details: [
        "Dividers slide and stay.",
        "It stands on felt and moves without scratching.",
        "A slot holds a phone upright while it charges.",
      ],
      usd: [17, 69],
      axes: [{ values: ["Small", "Large"], step: 0.4 }],
    },
    {
      title: "{brand} {style} Wall Planner",
      words: { style: ["yearly", "undated", "wipe-clean", "academic", "magnetic", "letterpress"] },
      openers: [
        "A {style} wall planner that shows the whole year at once.",
        "{brand}'s {style} wall planner leaves room to write in every day.",
      ],
      details: [
        "Weeks are numbered and weekends slightly smaller.",
        "Markers and a cloth are included.",
        "It is sent rolled in a tube that keeps it straight.",
      ],
      usd: [12, 45],
      axes: [{ values: ["A2", "A1"], step: 0.4 }],
    },
  ],
};
