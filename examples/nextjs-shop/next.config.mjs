/** @type {import("next").NextConfig} */
export default {
  // This folder alone, not the clone around it.
  turbopack: { root: import.meta.dirname },
  devIndicators: false,
};
