// Runs under whatever Node a person has, so it is plain JavaScript: older ones cannot read TypeScript.
const [major, minor] = process.versions.node.split(".").map(Number);
const needed = "22.18"; // the first release that runs TypeScript without a flag
if (major < 22 || (major === 22 && minor < 18)) {
  console.error(
    `antipode: Node ${process.versions.node} is too old. Run "npm ci" so that npm scripts use the pinned Node 24, or install Node ${needed} or newer.`,
  );
  process.exit(1);
}
