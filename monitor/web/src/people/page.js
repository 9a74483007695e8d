import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import { post, watch } from '../api.js'
import { useBeside } from '../beside.js'
import { Form } from '../form.js'
import { html } from '../html.js'
import { Records } from '../records.js'
import { follow, route } from '../route.js'
import { useStore } from '../store.js'
import { toasts } from '../ui.js'
import { Lists } from './lists.js'
import { PersonDetail, PersonList } from './person.js'
import { ReviewDetail, ReviewList } from './reviews.js'

const PAUSE_MS = 150 // between two keys of somebody who types

function peopleOf(words) {
	return new Records({ path: '/people', idOf: (p) => String(p.person), query: () => ({ q: words.current }),
		read: (card, id) => ({ person: id, card }), core: (_, row) => row })
}

function reviewsOf(view) {
	return new Records({ path: '/reviews', idOf: (r) => String(r.review), query: () => ({ state: view }),
		core: ({ sides: _s, ...core }, row) => ({ ...core, person_name: row.person_name, other_name: row.other_name }) })
}

function People({ me, opened, setCommands }) {
	const asked = useRef('')
	const records = useStore(useMemo(() => peopleOf(asked), [me]))
	const [putUp, setPutUp] = useState(false)
	const timer = useRef(null)
	const nominate = () => {
		if (me.role === 'viewer') {
			toasts.say('Not now: a viewer only looks.', { tone: 'bad' })
		} else if (opened !== null) {
			setPutUp(true)
		}
	}
	const { open, back } = useBeside({ records, at: '/people', opened, rows: () => records.items, idOf: (p) => p && String(p.person), keys: { p: nominate } })
	const find = (text) => {
		asked.current = text.trim()
		clearTimeout(timer.current)
		timer.current = setTimeout(() => records.load(), PAUSE_MS)
	}
	useEffect(() => {
		records.load()
		return () => clearTimeout(timer.current)
	}, [records])
	useEffect(() => {
		setCommands([{ name: 'Put this person up as a reference …', key: 'p', run: nominate }, { name: 'Show identity reviews', run: () => route.go('/people/reviews') }])
	}, [records, opened])
	const done = async (answer) => {
		setPutUp(false)
		try {
			const made = await post('/references', { person: Number(opened), ...answer })
			toasts.say('Put up as a reference.', { action: { name: 'Show', run: () => route.go(`/references/${made.id}`) } })
		} catch (why) {
			toasts.say(why.message, { tone: 'bad' })
		}
	}
	return html`<${PersonList} records=${records} me=${me} asked=${asked.current} onFind=${find} onOpen=${open} />
		<${PersonDetail} key=${opened} records=${records} me=${me} onNominate=${nominate} onBack=${back} />
		${putUp && html`<${Form} title="Put up as a reference" submit="Put up" fields=${[{ name: 'note', label: 'Why, if you like', area: true }]}
			onDone=${done} onClose=${() => setPutUp(false)} />`}`
}

const SAID = { accept: 'They are one person now.', reject: 'They stay two people.' }

function Reviews({ me, opened, setCommands }) {
	const [view, setView] = useState('open')
	const records = useStore(useMemo(() => reviewsOf(view), [me, view]))
	const act = (step) => {
		if (records.detail === null) {
			return
		}
		if (me.role === 'viewer') {
			toasts.say('Not now: a viewer only looks.', { tone: 'bad' })
		} else if (records.detail.state !== 'open') {
			toasts.say('Not now: it is decided already; take that back first.', { tone: 'bad' })
		} else {
			records.step(records.selected, step, {}, SAID[step])
		}
	}
	// What is decided, here or before, can be taken back.
	const undo = () => {
		if (records.detail !== null && records.detail.state !== 'open' && me.role !== 'viewer') {
			records.done = records.done.filter((d) => d !== records.selected)
			records.step(records.selected, 'undo', {}, 'Taken back: open again, and two people.')
		} else {
			records.undo()
		}
	}
	const { open, back } = useBeside({ records, at: '/people/reviews', opened, rows: () => records.items, idOf: (r) => r && String(r.review),
		keys: { y: () => act('accept'), n: () => act('reject'), u: undo } })
	useEffect(() => {
		records.load()
		setCommands([{ name: 'They are one person', key: 'y', run: () => act('accept') }, { name: 'They are two people', key: 'n', run: () => act('reject') },
			{ name: 'Undo the decision', key: 'u', run: undo }])
	}, [records])
	return html`<${ReviewList} records=${records} view=${view} onView=${setView} onOpen=${open} />
		<${ReviewDetail} records=${records} me=${me} act=${act} undo=${undo} onBack=${back} />`
}

export function PeoplePage({ me, parts, onLive, setCommands }) {
	const isReviews = parts[1] === 'reviews'
	const isLists = parts[1] === 'lists'
	const opened = (isReviews ? parts[2] : isLists ? null : parts[1]) ?? null
	useEffect(() => watch({}, onLive), [])
	const tab = (path, name, on) => html`<a href=${path} aria-current=${on ? 'page' : undefined} onClick=${follow}>${name}</a>`
	return html`<main class="leads desk ${isLists ? 'boarded' : ''} ${opened !== null ? 'opened' : ''}">
		<h1 class="unseen">People</h1>
		<nav class="tabs" aria-label="People">${tab('/people', 'Known people', !isReviews && !isLists)}${tab('/people/reviews', 'Who is who', isReviews)}${tab('/people/lists', 'Lists', isLists)}</nav>
		${isLists ? html`<${Lists} key="lists" me=${me} setCommands=${setCommands} />` : isReviews ? html`<${Reviews} key="reviews" me=${me} opened=${opened} setCommands=${setCommands} />`
			: html`<${People} key="people" me=${me} opened=${opened} setCommands=${setCommands} />`}
	</main>`
}
