// Where the keys go next. The last wish counts: whoever wished before does not take the focus back.
const FRAMES_MAX = 300

let wish = 0

function soon(mine, selector, isThere, frames) {
	requestAnimationFrame(() => {
		if (mine !== wish) {
			return
		}
		const found = isThere() ? document.querySelector(selector) : null
		if (found !== null) {
			found.focus()
		} else if (frames > 0) {
			soon(mine, selector, isThere, frames - 1)
		}
	})
}

// Once it is there: what is looked at may be on its way.
export function focusSoon(selector, isThere = () => true) {
	soon(++wish, selector, isThere, FRAMES_MAX)
}

// Before the next key, for fields: what is typed right after belongs in there. Preact draws what changed in a
// microtask, so the one that is queued here finds it drawn.
export function focusNow(selector) {
	const mine = ++wish
	queueMicrotask(() => mine === wish && document.querySelector(selector)?.focus())
}
