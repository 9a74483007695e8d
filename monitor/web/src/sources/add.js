// A new source: find, choose, look, add; or a connector with its settings, look, add.
import { useEffect, useState } from 'preact/hooks'
import { cameOf, useTask } from '../answers.js'
import { get, post } from '../api.js'
import { html } from '../html.js'
import { webAddress } from '../links.js'
import { Failed, Loading, toasts } from '../ui.js'
import { Trial } from './trial.js'

// What needs a program or a file of hark's machine is written into the configuration itself.
const NOT_HERE = ['exec', 'feed', 'roster']

// The last steps, the same for both ways: what would come, what would be written, and yes.
function LookAndAdd({ entry, onAdded }) {
	const [seen, look, forget] = useTask(async () => ({
		written: await post('/sources', { ...entry, dry_run: true }), trial: await post('/try-source', entry).catch((why) => why),
	}))
	const [done, add] = useTask(async () => onAdded(await post('/sources', entry)))
	const key = JSON.stringify(entry)
	useEffect(forget, [key])
	const looked = cameOf(seen) !== null
	return html`<div class="actions">
			<button type="button" class=${looked ? '' : 'main'} disabled=${seen === 'under way'} onClick=${look}>Try it</button>
			<button type="button" class=${looked ? 'main' : ''} disabled=${done === 'under way'} onClick=${add}>Add it</button></div>
		${done instanceof Error && html`<${Failed} problem=${done} />`}
		${seen === 'under way' && html`<${Loading} what="one answer; a slow server may take a while" />`}
		${seen instanceof Error && html`<${Failed} problem=${seen} />`}
		${looked && html`<${Trial} trial=${seen.trial} again=${look} /><h3>What will be written</h3>
			<p class="hint">into <code>${seen.written.file}</code></p><pre class="yaml" tabindex="0">${seen.written.yaml}</pre>`}`
}

function NameAndEvery({ name, every, onName, onEvery }) {
	return html`<div class="line">
		<label>Name <input value=${name} maxlength="64" autocomplete="off" pattern="[a-z0-9._\\-]*" placeholder="made by itself" onInput=${(e) => onName(e.currentTarget.value)} /></label>
		<label>Asked every <select value=${every} onChange=${(e) => onEvery(e.currentTarget.value)}>
			${[['', 'as is usual'], ['15m', '15 minutes'], ['30m', '30 minutes'], ['1h', 'an hour'], ['6h', '6 hours'], ['1d', 'a day']].map(([v, t]) => html`<option value=${v}>${t}</option>`)}</select></label></div>`
}

function Found({ feeds, chosen, onChoose }) {
	return html`<fieldset class="found"><legend>${feeds.length === 1 ? 'One feed was found' : `${feeds.length} feeds were found`}</legend>
		${feeds.map((f, i) => html`<label class="feed" key=${f.url}><input type="radio" name="feed" checked=${i === chosen}
			disabled=${f.known_as !== undefined} onChange=${() => onChoose(i)} />
			<span><strong>${f.title || 'No title'}</strong><br /><code>${f.url}</code><br />
			<span class="hint">${f.format}, ${f.posts === 1 ? 'one post' : `${f.posts} posts`}${f.degraded ? `, damaged: ${f.degraded}` : ''}${f.known_as ? `; it is there already as ${f.known_as}` : ''}</span>
			${f.titles.length > 0 && html`<span class="hint"><br />${f.titles.join(' · ')}</span>`}</span></label>`)}</fieldset>`
}

function FromAddress({ onAdded }) {
	const [url, setUrl] = useState('')
	const [internal, setInternal] = useState(false)
	const [name, setName] = useState('')
	const [every, setEvery] = useState('')
	const [chosen, setChosen] = useState(-1)
	const choose = (feeds, i) => {
		setChosen(i)
		setName(feeds[i]?.name ?? '')
	}
	const [found, ask, forget] = useTask(async () => (await post('/find-feeds', { url, internal })).found)
	const find = async () => {
		const feeds = await ask()
		if (feeds !== null) {
			choose(feeds, feeds.findIndex((f) => f.known_as === undefined))
		}
	}
	const submit = (event) => {
		event.preventDefault()
		find()
	}
	const change = (set) => (value) => {
		set(value)
		forget()
	}
	const feed = Array.isArray(found) ? found[chosen] : undefined
	const entry = feed && { url: feed.url, name, internal, ...(every && { every }) }
	return html`<form class="stack" onSubmit=${submit}>
			<label>Address of a web page or a feed <input value=${url} required autocomplete="off" spellcheck=${false} inputmode="url" data-address
				onInput=${(e) => change(setUrl)(e.currentTarget.value)} /></label>
			<label class="check"><input type="checkbox" checked=${internal} onChange=${(e) => change(setInternal)(e.currentTarget.checked)} />
				<span>It is our own server: private addresses are fine</span></label>
			<div><button class=${feed ? '' : 'main'} disabled=${found === 'under way'}>Find its feeds</button></div>
		</form>
		${found === 'under way' && html`<${Loading} what="the page, with the pauses that its server is owed" />`}
		${found instanceof Error && html`<${Failed} problem=${found} again=${find} />`}
		${Array.isArray(found) && html`<${Found} feeds=${found} chosen=${chosen} onChoose=${(i) => choose(found, i)} />`}
		${entry && html`<${NameAndEvery} name=${name} every=${every} onName=${setName} onEvery=${setEvery} />
			<${LookAndAdd} entry=${entry} onAdded=${onAdded} />`}`
}

function Field({ setting, value, secret, onInput }) {
	const hint = secret ? 'where it is: env:NAME or credential:NAME' : setting.list ? 'the name of a list of the configuration' : setting.about
	return html`<label>${setting.name === '*' ? 'Secret' : setting.name}${setting.required ? '' : ' (optional)'} <input value=${value} required=${setting.required}
		autocomplete="off" spellcheck=${false} placeholder=${setting.default ?? setting.example ?? ''} onInput=${(e) => onInput(e.currentTarget.value)} />
		<span class="hint">${secret && setting.about ? `${setting.about}; ${hint}` : hint}</span></label>`
}

function filled(values) {
	return Object.fromEntries(Object.entries(values).filter(([, v]) => v.trim() !== ''))
}

function Settings({ connector, onAdded }) {
	const [vars, setVars] = useState({})
	const [secrets, setSecrets] = useState({})
	const [accepted, setAccepted] = useState(false)
	const [name, setName] = useState('')
	const [every, setEvery] = useState('')
	const [ready, setReady] = useState(null) // the entry, once the form is filled in
	const changed = (set, values, key) => (text) => {
		set({ ...values, [key]: text })
		setReady(null)
	}
	const submit = (event) => {
		event.preventDefault()
		setReady({
			connector: connector.name, vars: filled(vars), secrets: filled(secrets), accept_terms: accepted, name, ...(every && { every }),
		})
	}
	const terms = webAddress(connector.terms)
	const docs = webAddress(connector.docs)
	return html`<p>${connector.about} ${docs && html`<a href=${docs} target="_blank" rel="noopener noreferrer">About it</a>`}</p>
		<form class="stack" onSubmit=${submit}>
			${connector.settings.map((s) => html`<${Field} key=${s.name} setting=${s} value=${vars[s.name] ?? ''} onInput=${changed(setVars, vars, s.name)} />`)}
			${connector.secrets.filter((s) => s.name !== '*').map((s) => html`<${Field} key=${s.name} setting=${s} secret value=${secrets[s.name] ?? ''} onInput=${changed(setSecrets, secrets, s.name)} />`)}
			${connector.accept_terms && html`<label class="check"><input type="checkbox" required checked=${accepted} onChange=${(e) => { setAccepted(e.currentTarget.checked); setReady(null) }} />
				<span>I have read the terms${terms && html` at <a href=${terms} target="_blank" rel="noopener noreferrer">${terms}</a>`}</span></label>`}
			<${NameAndEvery} name=${name} every=${every} onName=${(v) => { setName(v); setReady(null) }} onEvery=${(v) => { setEvery(v); setReady(null) }} />
			<div><button class=${ready ? '' : 'main'}>Go on</button></div>
		</form>
		${ready && html`<${LookAndAdd} entry=${ready} onAdded=${onAdded} />`}`
}

function FromDefinition({ onAdded }) {
	const [all, load] = useTask(async () => (await get('/connectors')).items.filter((c) => !NOT_HERE.includes(c.name)))
	const [name, setName] = useState('')
	useEffect(() => {
		load()
	}, [])
	if (!Array.isArray(all)) {
		return all instanceof Error ? html`<${Failed} problem=${all} again=${load} />` : html`<${Loading} what="the definitions" />`
	}
	const connector = all.find((c) => c.name === name)
	return html`<div class="stack"><label>Definition <select value=${name} onChange=${(e) => setName(e.currentTarget.value)}>
			<option value="">Choose one</option>
			${all.filter((c) => c.usable).map((c) => html`<option value=${c.name}>${c.name}: ${c.about}</option>`)}</select></label></div>
		${connector && html`<${Settings} key=${name} connector=${connector} onAdded=${onAdded} />`}`
}

const WAYS = [['address', 'From an address', FromAddress], ['definition', 'From a definition', FromDefinition]]

export function Add({ onAdded, onUndo, onBack }) {
	const [way, setWay] = useState('address')
	const [, , Way] = WAYS.find(([id]) => id === way)
	const added = (answer) => {
		if (answer.reloaded) {
			toasts.say(`${answer.name} is added.`, { action: { name: 'Undo', run: () => onUndo(answer.name) } })
		} else {
			toasts.say(`${answer.name} is written, but harkd goes on without it: ${answer.reload_error}`, { tone: 'bad' })
		}
		onAdded(answer.name)
		return answer
	}
	return html`<section class="detail add-source" aria-label="A new source">
		<button class="back" onClick=${onBack}>Back to the list</button>
		<h2 tabindex="-1" data-heading>Add a source</h2>
		<div class="ways" role="group" aria-label="Where it comes from">${WAYS.map(([id, name]) => html`<button key=${id} aria-pressed=${id === way ? 'true' : 'false'}
			onClick=${() => setWay(id)}>${name}</button>`)}</div>
		<${Way} onAdded=${added} />
	</section>`
}
