// Runs before anything is painted, so that the page does not flash in the other theme.
(() => {
  let choice = null;
  try {
    choice = localStorage.getItem('theme');
  } catch {
    // No storage: the system's choice it is.
  }
  if (choice === 'light' || choice === 'dark') document.documentElement.dataset.theme = choice;
})();
