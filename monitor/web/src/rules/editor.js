// The text of a rule file with line numbers, and what comes of it while it is written.
import { useEffect, useRef, useState } from 'preact/hooks'
import { getTagged, saveText, sendText, streamText } from '../api.js'
import { html } from '../html.js'
import { useKeys } from '../keys.js'
import { Chip, Failed, Loading, Time, toasts } from '../ui.js'
import { count, precision, StatusChip } from './list.js'
import { copyOf, firstId, NEW_RULE, offsetOf, withStatus } from './text.js'
import { Backtest, Findings, Preview, Tests } from './tried.js'

export const NEW = '+' // no rule is called that
const PAUSE_MS = 300

// The numbers scroll with the text; a line with something wrong in it is marked.
function Numbered({ text, findings, box, readOnly, onText, onKeyDown }) {
	const gutter = useRef(null)
	const wrong = new Set(findings.filter((f) => f.level === 'error').map((f) => f.line))
	const follow = (event) => {
		gutter.current.scrollTop = event.currentTarget.scrollTop
	}
	return html`<div class="numbered">
		<div class="gutter" aria-hidden="true" ref=${gutter}>${text.split('\n').map((_, i) => html`<span class=${wrong.has(i + 1) ? 'wrong' : ''}>${i + 1}</span>`)}</div>
		<textarea ref=${box} value=${text} readOnly=${readOnly} aria-label="Text of the rule file" spellcheck=${false} autocapitalize="off" autocomplete="off" wrap="off"
			rows="18" aria-invalid=${wrong.size > 0 ? 'true' : undefined} onScroll=${follow} onInput=${(e) => onText(e.currentTarget.value)} onKeyDown=${onKeyDown}></textarea>
	</div>`
}

// Checks, and where nothing is wrong previews, what has not been typed on for a moment; what is overtaken is cancelled.
function useTrial(text, query, on) {
	const [trial, setTrial] = useState({})
	useEffect(() => {
		if (!on || text === null) {
			return undefined
		}
		const cancel = new AbortController()
		const options = { signal: cancel.signal }
		const later = setTimeout(async () => {
			try {
				const check = await sendText(`/rules/check${query}`, text, options)
				setTrial((t) => ({ ...t, check, problem: null, old: true }))
				if (check.ok) {
					const preview = await sendText(`/rules/preview${query}`, text, options)
					setTrial({ check, preview, of: text })
				}
			} catch (why) {
				if (why.name !== 'AbortError') {
					setTrial({ problem: why, check: { ok: false, findings: why.findings, rules: [] } })
				}
			}
		}, PAUSE_MS)
		setTrial((t) => ({ ...t, old: true }))
		return () => {
			clearTimeout(later)
			cancel.abort()
		}
	}, [text, query, on])
	return trial
}

function useBacktest(text, query) {
	const [state, setState] = useState(null)
	const cancel = useRef(null)
	const stop = () => {
		cancel.current?.abort()
		setState(null)
	}
	const start = async () => {
		cancel.current = new AbortController()
		const mine = cancel.current
		setState({})
		try {
			for await (const line of streamText(`/rules/backtest${query}`, text, { signal: mine.signal })) {
				setState(line.error ? new Error(line.error) : line)
			}
		} catch (why) {
			if (!mine.signal.aborted) {
				setState(why)
			}
		}
	}
	useEffect(() => stop, [query])
	return [state, start, stop]
}

function Facts({ rule }) {
	return html`<dl class="facts">
		<div><dt>State</dt><dd><${StatusChip} status=${rule.status} /></dd></div>
		<div><dt>File</dt><dd><code>${rule.file}:${rule.line}</code></dd></div>
		<div><dt>Matches</dt><dd>${rule.matches.toLocaleString('en')}, ${count(rule.leads, 'lead')}</dd></div>
		<div><dt>Precision</dt><dd>${precision(rule)}</dd></div>
		<div><dt>Last match</dt><dd>${rule.last_match ? html`<${Time} at=${rule.last_match} />` : 'never'}</dd></div></dl>`
}

function Conflict({ problem, there, onLook, onTake, onOver }) {
	return html`<div class="failed conflict" role="alert"><p>${problem.message}</p>
		<div class="actions">${there === null ? html`<button onClick=${onLook}>Look at what is there now</button>`
			: html`<button onClick=${onTake}>Take what is there, drop mine</button><button onClick=${onOver}>Save mine in its place</button>`}</div>
		${there !== null && html`<pre class="there" tabindex="0" aria-label="The text that is there now">${there.text}</pre>`}</div>`
}

const STEPS = [['live', 'Make it live'], ['shadow', 'Put it on trial'], ['retired', 'Retire it']]

function Opened({ rule, tag: firstTag, first, rules, admin, onSaved, onCopy }) {
	const id = rule?.id ?? NEW
	const [text, setText] = useState(rules.drafts.get(id) ?? first)
	const [base, setBase] = useState(first)
	const [tag, setTag] = useState(firstTag)
	const [conflict, setConflict] = useState(null)
	const [there, setThere] = useState(null)
	const [saving, setSaving] = useState(false)
	const [tests, setTests] = useState(null)
	const box = useRef(null)
	const typed = useRef(text) // what is there now, also for who waits for an answer
	typed.current = text
	const query = rule ? `?rule=${encodeURIComponent(id)}` : ''
	const may = admin && (!rule || rule.writable)
	const trial = useTrial(text, query, admin)
	const [backtest, startBacktest, stopBacktest] = useBacktest(text, query)
	const findings = trial.check?.findings ?? []
	const dirty = text !== base

	const change = (fresh) => {
		setText(fresh)
		setTests(null)
		rules.keepDraft(id, fresh === base ? null : fresh)
	}
	const goTo = ({ line, col }) => {
		const at = offsetOf(text, line, col)
		box.current.focus()
		box.current.setSelectionRange(at, at + 1)
		box.current.scrollTop = (line - 4) * parseFloat(getComputedStyle(box.current).lineHeight)
	}
	const save = async (words = text, version = tag) => {
		const name = rule ? id : firstId(words)
		if (name === null) {
			toasts.say('A rule needs an id: write "- id: its-name".', { tone: 'bad' })
			return
		}
		setSaving(true)
		try {
			const [{ file }, saved] = await saveText(`/rules/${encodeURIComponent(name)}`, words, version)
			const before = base
			const back = () => {
				setText(before)
				save(before, saved)
			}
			toasts.say(`${file} is saved and in force.`, rule && before !== words ? { action: { name: 'Undo', run: back } } : {})
			setBase(words)
			setTag(saved)
			rules.keepDraft(id, null)
			rules.keepDraft(name, typed.current === words ? null : typed.current) // they may have gone on typing
			onSaved(name)
		} catch (why) {
			if (why.status === 412) {
				setConflict(why)
				setThere(null)
			} else {
				toasts.say(why.message, { tone: 'bad' })
				const wrong = why.findings?.find((f) => f.level === 'error')
				if (wrong) {
					goTo(wrong)
				}
			}
		}
		setSaving(false)
	}
	const toStatus = (status) => {
		const fresh = withStatus(text, id, status)
		if (fresh === null) {
			toasts.say(`Change "status: ${status}" in the text by hand: it is written in one line.`, { tone: 'bad' })
		} else {
			change(fresh)
			save(fresh)
		}
	}
	const look = async () => {
		try {
			const [now, version] = await getTagged(`/rules/${encodeURIComponent(rule ? id : firstId(text))}`)
			setThere({ text: now.text ?? '', tag: version })
		} catch (why) {
			toasts.say(why.message, { tone: 'bad' })
		}
	}
	const take = () => {
		setText(there.text)
		setBase(there.text)
		setTag(there.tag)
		setConflict(null)
		rules.keepDraft(id, null)
	}
	const over = () => {
		setTag(there.tag)
		setConflict(null)
		save(text, there.tag)
	}
	const runTests = async () => {
		try {
			setTests(await sendText(`/rules/test${query}`, text))
		} catch (why) {
			toasts.say(why.message, { tone: 'bad' })
		}
	}
	const onKeyDown = (event) => {
		const key = (event.ctrlKey || event.metaKey) && event.key
		const act = key === 'Enter' ? runTests : key === 's' ? may && (() => save()) : null
		if (act) {
			event.preventDefault()
			act()
		}
	}
	useEffect(() => {
		if (!rule) {
			box.current.focus()
		}
	}, [])
	useEffect(() => {
		const stay = (event) => dirty && event.preventDefault()
		addEventListener('beforeunload', stay)
		return () => removeEventListener('beforeunload', stay)
	}, [dirty])
	useKeys({ e: () => box.current.focus(), ...(admin && { t: runTests, b: startBacktest }) })
	return html`
		${rule && html`<${Facts} rule=${rule} />`}
		${rule?.pack && html`<p class="reminder">It comes with hark and stays as it is; changes to the text are only tried. ${admin && html`<button onClick=${() => onCopy(copyOf(text, id))}>Copy to my rules</button>`}</p>`}
		${rule && admin && !rule.pack && !rule.writable && html`<p class="reminder">harkd may not change ${rule.file}: changes to the text are only tried.</p>`}
		${rule?.unreadable && html`<p class="failed" role="alert">${rule.unreadable}</p>`}
		${conflict && html`<${Conflict} problem=${conflict} there=${there} onLook=${look} onTake=${take} onOver=${over} />`}
		<${Numbered} text=${text} findings=${findings} box=${box} readOnly=${!admin} onText=${change} onKeyDown=${onKeyDown} />
		${admin && html`<div class="actions">
				${may && html`<button class="main" disabled=${saving || !dirty && rule} onClick=${() => save()}>Save</button>`}
				${dirty && rule && html`<button onClick=${() => change(base)}>Undo my changes</button>`}
				<button onClick=${runTests}>Run its tests</button><button disabled=${backtest !== null && !backtest.result && !(backtest instanceof Error)} onClick=${startBacktest}>Backtest</button>
				${may && rule && STEPS.filter(([status]) => status !== rule.status).map(([status, name]) => html`<button key=${status} disabled=${saving} onClick=${() => toStatus(status)}>${name}</button>`)}
				${dirty && html`<${Chip} tone="hot">not saved<//>`}</div>
			<p class="hint">In the text: Ctrl Enter runs the tests, Ctrl S saves, Tab leaves it.</p>
			<div role="status" data-check>${trial.check === undefined && !trial.problem ? 'Checking …' : trial.check?.ok ? 'Nothing is wrong with it.' : count(findings.filter((f) => f.level === 'error').length, 'error')}</div>
			${trial.problem && html`<${Failed} problem=${trial.problem} />`}
			<${Findings} findings=${findings} onGo=${goTo} />
			${tests && html`<section aria-label="Tests"><h3>Tests</h3><${Tests} tests=${tests} onGo=${goTo} /></section>`}
			${backtest && html`<section aria-label="Backtest"><h3>Backtest</h3><${Backtest} state=${backtest} onStop=${stopBacktest} again=${startBacktest} /></section>`}
			<section aria-label="Preview" class=${trial.old ? 'old' : ''} data-preview=${trial.of === text ? 'fresh' : 'old'}><h3>Preview</h3>
				${trial.preview ? html`<${Preview} preview=${trial.preview} />` : html`<p class="hint">What it would find is shown as soon as nothing is wrong.</p>`}</section>`}`
}

// One rule, or a new one; `start` is the text that a new one begins with, or null.
export function Editor({ id, start, rules, admin, onSaved, onCopy, onBack }) {
	const [got, setGot] = useState(id === NEW ? [null, null] : null)
	const [version, setVersion] = useState(0)
	useEffect(() => {
		let here = true
		if (id !== NEW) {
			setGot((before) => (Array.isArray(before) ? before : null))
			getTagged(`/rules/${encodeURIComponent(id)}`).then((answer) => here && setGot(answer), (why) => here && setGot(why))
		}
		return () => {
			here = false
		}
	}, [id, version])
	const saved = (name) => {
		onSaved(name)
		setVersion((n) => n + 1)
	}
	const known = Array.isArray(got) ? got : null
	return html`<section class="detail rule" aria-label="Rule">
		<button class="back" onClick=${onBack}>Back to the list</button>
		<h2 tabindex="-1" data-heading>${id === NEW ? 'A new rule' : known?.[0]?.title || id}</h2>
		${got === null && html`<${Loading} what="the rule" />`}
		${got instanceof Error && html`<${Failed} problem=${got} again=${() => setVersion((n) => n + 1)} />`}
		${known && html`<${Opened} key=${`${id} ${start ?? ''}`} rule=${known[0]} tag=${known[1]} first=${known[0] ? known[0].text ?? '' : start ?? NEW_RULE} rules=${rules} admin=${admin} onSaved=${saved} onCopy=${onCopy} />`}
	</section>`
}
