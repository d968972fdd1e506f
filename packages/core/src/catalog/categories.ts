/** The shop's taxonomy, in the order in which a listing without a category walks it. */
export const categories = [
  { slug: "audio", title: "Audio" },
  { slug: "bags", title: "Bags and luggage" },
  { slug: "books", title: "Books" },
  { slug: "clothing", title: "Clothing" },
  { slug: "garden", title: "Garden" },
  { slug: "home", title: "Home" },
  { slug: "kitchen", title: "Kitchen" },
  { slug: "office", title: "Office" },
  { slug: "sports", title: "Sports and outdoors" },
  { slug: "toys", title: "Toys and games" },
] as const satisfies readonly { readonly slug: string; readonly title: string }[];

export type Category = (typeof categories)[number]["slug"];

export const categorySlugs: readonly Category[] = categories.map((category) => category.slug);

export function isCategory(slug: string): slug is Category {
  return categorySlugs.some((known) => known === slug);
}
