// Lists of a CRM, a network or HR: looked at first, then brought in, all of it or nothing, and taken back.
import { useEffect, useState } from 'preact/hooks'
import { cameOf, useAnswer, useTask } from '../answers.js'
import { post, sendTable } from '../api.js'
import { html } from '../html.js'
import { Empty, Failed, Loading, Time, toasts } from '../ui.js'

const KINDS = [
	['contacts', 'Contacts'], ['accounts', 'Accounts: customers, prospects, competitors'], ['staff', 'Colleagues'], ['opportunities', 'Opportunities'],
	['cases', 'Service cases'], ['surveys', 'Surveys'], ['ties', 'Whom a colleague knows'],
]
const BYTES_MAX = 1 << 20

const COUNTS = [
	['new', 'New'], ['changed', 'Changed'], ['unchanged', 'As they were'], ['rejected', 'Left out'], ['reviews', 'To be looked at: who is who'],
	['opted_out', 'Left alone: they asked for it'], ['deleted', 'Gone in the other system'], ['unlinked', 'Without a link to somebody'],
	['other_types', 'Of another type'], ['unknown_accounts', 'Of accounts that are not known'],
]

function nameOf(kind) {
	return KINDS.find(([id]) => id === kind)?.[1].split(':')[0] ?? kind
}

// What would come of it, or has.
function Outcome({ seen }) {
	const fields = Object.entries(seen.mapping)
	return html`<p role="status"><strong>${seen.rows === 1 ? 'One row' : `${seen.rows} rows`}</strong>${seen.system && ` of ${seen.system}`}: ${COUNTS.filter(([id]) => seen[id] > 0)
			.map(([id, name]) => `${name} ${seen[id]}`).join(', ') || 'nothing in it is of use'}.</p>
		${seen.charset_wrong && html`<p class="reminder">Letters in it are not what ${seen.charset} has: save it as UTF-8.</p>`}
		${seen.before && html`<p class="reminder">This very file was brought in before.</p>`}
		${fields.length > 0 && html`<table><thead><tr><th scope="col">What is read</th><th scope="col">From the column</th></tr></thead>
			<tbody>${fields.map(([field, column]) => html`<tr key=${field}><th scope="row">${field}</th><td>${String(column)}</td></tr>`)}</tbody></table>`}
		${seen.reasons?.length > 0 && html`<h3>Left out</h3><ul class="history">${seen.reasons.map((r) => html`<li>Line ${r.line}: ${r.reason}</li>`)}</ul>`}`
}

function check(form) {
	const file = form.get('file')
	return file.size === 0 ? 'Choose a file with something in it.' : file.size > BYTES_MAX ? 'A file of at most 1 MiB comes in here: split it, or take hark import on the machine of hark.'
		: form.get('kind') === 'ties' && form.get('of').trim() === '' ? 'Say whose contacts these are.' : null
}

function Bring({ onBrought }) {
	const [kind, setKind] = useState('contacts')
	const [problem, setProblem] = useState(null)
	const send = async (form, dry) => {
		const file = form.get('file')
		const query = new URLSearchParams({ file: file.name })
		for (const name of ['of', 'set', 'dates']) {
			if (form.get(name)?.trim()) {
				query.set(name, form.get(name).trim())
			}
		}
		if (dry) {
			query.set('dry_run', 'true')
		}
		return { form, seen: await sendTable(`/imports/${form.get('kind')}?${query}`, file) }
	}
	const [looked, look, forget] = useTask((form) => send(form, true))
	const [brought, bring, forgetBrought] = useTask(async (form) => {
		const { seen } = await send(form, false)
		onBrought(seen)
		return seen
	})
	const changed = () => {
		forget()
		forgetBrought()
	}
	const submit = (event) => {
		event.preventDefault()
		const form = new FormData(event.currentTarget)
		const why = check(form)
		setProblem(why)
		if (why === null) {
			forgetBrought()
			look(form)
		}
	}
	const ready = cameOf(looked)
	return html`<section class="figure" aria-label="Bring in a list"><h2>Bring in a list</h2>
		<p class="hint">CSV as Salesforce, HubSpot, LinkedIn, Dynamics or Pipedrive write it, or any other. Nothing is written before you have seen what comes of it.</p>
		<form class="stack" onSubmit=${submit} onInput=${changed}>
			<label>What it is a list of <select name="kind" value=${kind} onChange=${(e) => setKind(e.currentTarget.value)}>${KINDS.map(([id, name]) => html`<option key=${id} value=${id}>${name}</option>`)}</select></label>
			<label>File <input name="file" type="file" accept=".csv,text/csv,text/plain" required /></label>
			${kind === 'ties' && html`<label>Whose contacts these are <input name="of" required maxlength="200" autocomplete="off" /></label>`}
			${kind === 'accounts' && html`<label>What they are, where the file does not say <select name="set"><option value="">as the file says</option><option value="type=customer">customers</option><option value="type=prospect">prospects</option><option value="type=competitor">competitors</option></select></label>`}
			<label>What 3/4/2026 means <select name="dates"><option value="">as the file shows</option><option value="dmy">the 3rd of April</option><option value="mdy">the 4th of March</option></select></label>
			${problem && html`<p class="failed" role="alert">${problem}</p>`}
			<div><button class=${ready ? '' : 'main'} disabled=${looked === 'under way'}>Look at it</button></div>
		</form>
		${looked === 'under way' && html`<${Loading} what="the list" />`}
		${looked instanceof Error && html`<${Failed} problem=${looked} />`}
		${ready && cameOf(brought) === null && html`<h3>What would come of it</h3><${Outcome} seen=${ready.seen} />
			<div><button class="main" disabled=${brought === 'under way'} onClick=${() => bring(ready.form)}>Bring it in</button></div>`}
		${brought instanceof Error && html`<${Failed} problem=${brought} />`}
		${cameOf(brought) && html`<h3>What came of it</h3><${Outcome} seen=${brought} />`}
	</section>`
}

function Ledger({ answer, admin, onUndo }) {
	const { found, problem, again } = answer
	if (found === null) {
		return problem ? html`<${Failed} problem=${problem} again=${again} />` : html`<${Loading} what="the lists" />`
	}
	if (found.items.length === 0) {
		return html`<${Empty} title="Nothing was brought in yet"><p>hark learns who your contacts, customers and colleagues are from lists. A name alone never makes somebody a known person.</p>
			${!admin && html`<p>An admin brings them in.</p>`}<//>`
	}
	return html`<div class="wide-table" tabindex="0" role="region" aria-label="Lists that were brought in"><table>
		<thead><tr><th scope="col">When</th><th scope="col">List</th><th scope="col">File</th><th scope="col">By</th><th scope="col">Rows</th><th scope="col">New</th><th scope="col">Changed</th><th scope="col">Left out</th>${admin && html`<th scope="col">Take it back</th>`}</tr></thead>
		<tbody>${found.items.map((i) => html`<tr key=${i.import}><td><${Time} at=${i.at} /></td><th scope="row">${nameOf(i.kind)}</th><td>${i.file}</td><td>${i.by}</td>
			<td class="number">${i.rows}</td><td class="number">${i.new}</td><td class="number">${i.changed}</td><td class="number">${i.rejected}</td>
			${admin && html`<td>${i.undone ? html`taken back <${Time} at=${i.undone} />` : html`<button aria-label="Take back ${i.file ?? nameOf(i.kind)}, ${i.import}" onClick=${() => onUndo(i.import)}>Take back</button>`}</td>`}</tr>`)}</tbody></table></div>`
}

export function Lists({ me, setCommands }) {
	const answer = useAnswer('/imports')
	const admin = me.role === 'admin'
	useEffect(() => setCommands([]), [])
	const undo = async (number) => {
		try {
			const { removed, restored } = await post(`/imports/${number}/undo`)
			toasts.say(`Taken back: ${removed} removed, ${restored} as before.`)
		} catch (why) {
			toasts.say(why.message, { tone: 'bad' })
		}
		answer.again()
	}
	const brought = (seen) => {
		toasts.say(`${nameOf(seen.kind)}: ${seen.new} new, ${seen.changed} changed.`, seen.import ? { action: { name: 'Undo', run: () => undo(seen.import) } } : {})
		answer.again()
	}
	return html`<section class="list reports" aria-label="Lists">
		${admin && html`<${Bring} onBrought=${brought} />`}
		<section class="figure" aria-label="Brought in"><h2>Brought in</h2><${Ledger} answer=${answer} admin=${admin} onUndo=${undo} /></section>
	</section>`
}
