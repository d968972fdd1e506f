import { type CategoryWords, techColours } from "./grammar.ts";

export const audio: CategoryWords = {
  category: "audio",
  brands: [
    "Corvane",
    "Lumenote",
    "Halyard Sound",
    "Bexley Audio",
    "Ondara",
    "Tessel",
    "Varrow",
    "Kestrel Nine",
    "Murmur & Co",
    "Pilotone",
  ],
  closers: [
    "Comes with a two-year guarantee.",
    "Spare parts can be ordered one by one.",
    "Packed without plastic.",
    "Tuned in a small listening room, by ear and by measurement.",
    "Can be sent back for a month, played or not.",
  ],
  kinds: [
    {
      title: "{brand} {style} Over-Ear Headphones",
      words: { style: ["studio", "travel", "noise-cancelling", "open-back", "wireless", "reference"] },
      openers: [
        "{brand}'s {style} headphones sit lightly for hours and keep voices natural.",
        "These {style} over-ear headphones give the low end room without letting it take over.",
      ],
      details: [
        "The ear cushions are memory foam under a soft knit and come off for washing.",
        "The headband folds flat, and the case is no larger than a paperback.",
        "A single dial sets the volume, and a press of it mutes the microphone.",
      ],
      usd: [89, 389],
      axes: [techColours],
    },
    {
      title: "{brand} {style} Earbuds",
      words: { style: ["compact", "all-day", "sport", "sleep", "commuter", "clear-call"] },
      openers: [
        "{brand}'s {style} earbuds stay put without pressing.",
        "Small enough to forget: {style} earbuds with a case that fits a coin pocket.",
      ],
      details: [
        "Four sizes of tips are in the box, from extra small to large.",
        "Ten minutes of charging give two hours of listening.",
        "They are sealed against rain and sweat (IPX5).",
      ],
      usd: [39, 219],
      axes: [techColours],
    },
    {
      title: "{brand} {style} Bluetooth Speaker",
      words: { style: ["pocket", "kitchen", "garden", "splashproof", "bookshelf", "campfire"] },
      openers: [
        "A {style} speaker by {brand} that fills a room rather than a corner.",
        "{brand}'s {style} speaker plays for twenty hours on one charge.",
      ],
      details: [
        "Two of them pair for stereo by touching them together.",
        "The woven front unclips, so that crumbs and dust can be brushed off.",
        "It charges by USB-C and can top up a phone in return.",
      ],
      usd: [35, 179],
      axes: [techColours],
    },
    {
      title: "{brand} {style} Turntable",
      words: { style: ["belt-drive", "automatic", "walnut", "two-speed", "direct-drive", "compact"] },
      openers: [
        "A {style} turntable that asks for a shelf, a pair of speakers and nothing else.",
        "{brand}'s {style} turntable takes ten minutes to set up and years to outgrow.",
      ],
      details: [
        "The cartridge is fitted and aligned, and can be replaced without tools.",
        "A phono stage is built in and can be switched off.",
        "The platter is cast aluminium with a cork mat.",
      ],
      usd: [149, 649],
      axes: [{ values: ["Without Cover", "With Dust Cover"], step: 0.12 }],
    },
    {
      title: "{brand} {style} Soundbar",
      words: { style: ["slim", "two-channel", "wall-mount", "desktop", "cinema", "dialogue"] },
      openers: [
        "This {style} soundbar makes speech on television easy to follow again.",
        "{brand}'s {style} soundbar sits below a screen without hiding any of it.",
      ],
      details: [
        "One cable to the television carries sound and remote control.",
        "A night setting keeps explosions below the level of conversation.",
        "The wall bracket and both cables are in the box.",
      ],
      usd: [99, 449],
      axes: [{ values: ["Bar Only", "With Subwoofer"], step: 0.45 }],
    },
    {
      title: "{brand} {style} Microphone",
      words: { style: ["podcast", "USB", "broadcast", "condenser", "interview", "dynamic"] },
      openers: [
        "A {style} microphone that flatters a voice and ignores the room.",
        "{brand}'s {style} microphone works the moment it is plugged in.",
      ],
      details: [
        "A mute button on top makes no sound of its own.",
        "Headphones plug in underneath to hear yourself without delay.",
        "A foam windscreen and a small stand are included.",
      ],
      usd: [45, 259],
      axes: [{ values: ["Graphite", "Bone"] }],
    },
    {
      title: "{brand} {style} Radio",
      words: { style: ["bedside", "travel", "wind-up", "oak", "digital", "retro"] },
      openers: [
        "A {style} radio with a dial that is a pleasure to turn.",
        "{brand}'s {style} radio finds the stations once and remembers them.",
      ],
      details: [
        "It takes digital and FM stations, and shows the time when it is off.",
        "Six buttons hold six stations, and nothing is hidden in a menu.",
        "The battery lasts a week of breakfasts.",
      ],
      usd: [39, 169],
      axes: [{ values: ["Cream", "Charcoal", "Moss"] }],
    },
  ],
};
