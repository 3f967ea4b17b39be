// What a page can do more with scripts; without them everything is there to be read.

keepLanguage();
addCopyButtons();
makeScrollable();
document.querySelector('#starlight__sidebar [aria-current="page"]')?.scrollIntoView({ block: 'center' });

/** The language that was chosen for one sample is that of the others, on every page. */
function keepLanguage(): void {
  const choices = [...document.querySelectorAll<HTMLInputElement>('input[data-language]')];
  const choose = (language: string | null) => {
    for (const choice of choices) if (choice.dataset['language'] === language) choice.checked = true;
  };
  choose(localStorage.getItem('language'));
  for (const choice of choices) {
    choice.addEventListener('change', () => {
      localStorage.setItem('language', choice.dataset['language']!);
      choose(choice.dataset['language']!);
    });
  }
}

/** A table that is wider than the screen can be scrolled with the keyboard, too. */
function makeScrollable(): void {
  for (const table of document.querySelectorAll('table')) if (table.scrollWidth > table.clientWidth) table.tabIndex = 0;
}

function addCopyButtons(): void {
  for (const code of document.querySelectorAll<HTMLElement>('main pre')) {
    const button = document.createElement('button');
    button.className = 'copy';
    button.textContent = 'Copy';
    button.addEventListener('click', async () => {
      await navigator.clipboard.writeText(code.innerText);
      button.textContent = 'Copied';
      setTimeout(() => (button.textContent = 'Copy'), 2_000);
    });
    const frame = document.createElement('div');
    frame.className = 'code-frame';
    code.replaceWith(frame);
    frame.append(code, button);
  }
}
