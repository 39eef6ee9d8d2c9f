// Another language is the browser's own for every page of this address. Without a script Accept-Language decides.
for (const button of document.querySelectorAll("[data-language]")) {
  button.hidden = false;
  button.addEventListener("click", () => {
    document.cookie = "language=" + button.dataset.language + "; path=/; max-age=31536000; samesite=lax";
    location.reload();
  });
}
