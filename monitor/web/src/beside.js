// A list and what is looked at beside it, moved through by keys: what pages of this kind share.
import { useLayoutEffect } from 'preact/hooks'
import { focusNow, focusSoon } from './focus.js'
import { useKeys } from './keys.js'
import { route } from './route.js'

const WIDE = matchMedia('(min-width: 60rem)')

// at: the path of the list; opened: the id in the path, or null; rows: in the order they are shown; keys: of the page;
// quiet: moving opens nothing where nothing is open.
export function useBeside({ records, at, opened, rows, idOf, keys, quiet = false }) {
	const show = (id, replace = true) => route.go(`${at}/${id}`, { replace })
	const open = (id) => {
		if (id !== null && id !== undefined) {
			show(id, WIDE.matches && opened !== null)
			focusSoon('[data-heading]', () => records.selected === id && records.detail !== null)
		}
	}
	const move = (by) => {
		const id = records.beside(by, rows())
		if (id === null) {
			return
		}
		if ((WIDE.matches && !quiet) || opened !== null) {
			show(id, opened !== null)
		} else {
			records.selected = id
			records.changed()
		}
		focusSoon(`[data-row="${id}"]`)
	}
	const toList = () => route.go(at, { replace: WIDE.matches })
	const back = () => {
		const id = records.selected
		toList()
		focusSoon(`[data-row="${id}"]`)
	}
	const isRow = () => document.activeElement?.matches('.row')
	useLayoutEffect(() => { // before the next key
		const isNew = opened !== records.selected || records.detail === null
		if (opened !== null ? isNew : WIDE.matches && !quiet && records.selected !== null) {
			records.select(opened)
		}
	}, [records, opened])
	useKeys({
		j: () => move(1), k: () => move(-1), ArrowDown: () => isRow() && move(1), ArrowUp: () => isRow() && move(-1),
		Enter: () => (document.activeElement?.matches('a, button, summary, select') ? false : open(records.selected ?? idOf(rows()[0]))),
		'/': () => { toList(); focusNow('.find [type=search]') },
		Escape: () => (document.querySelector('dialog[open]') === null ? back() : false),
		...keys,
	})
	return { open, move, back }
}
