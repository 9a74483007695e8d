// Answers in the order of their questions: a late one never takes the place of what is known since.
import { useEffect, useRef, useState } from 'preact/hooks'
import { get } from './api.js'

// Take next() before asking. `what` an answer is about: an id, or nothing where there is one thing alone.
export class Turns {
	#turn = 0
	#known = new Map()

	next() {
		return ++this.#turn
	}

	isLate(turn, what) {
		return turn < (this.#known.get(what) ?? 0)
	}

	// What is asked so far is late from now on.
	know(what) {
		this.#known.set(what, this.next())
	}

	// True: the answer counts, and those to earlier questions are late.
	take(turn, what) {
		if (this.isLate(turn, what)) {
			return false
		}
		this.#known.set(what, turn)
		return true
	}
}

// What is at that path of the API: {found, problem, again}, both null while it is on its way. It is asked for anew where
// `state`, a text, says that it may be another by now.
export function useAnswer(path, state = '') {
	const of = `${path} ${state}`
	const [answer, setAnswer] = useState({ of, found: null, problem: null })
	const [time, setTime] = useState(0)
	useEffect(() => {
		const cancel = new AbortController()
		const say = (part) => cancel.signal.aborted || setAnswer({ of, found: null, problem: null, ...part })
		say({})
		get(path, cancel.signal).then((found) => say({ found }), (problem) => say({ problem }))
		return () => cancel.abort()
	}, [of, time])
	const again = () => setTime((n) => n + 1)
	return answer.of === of ? { ...answer, again } : { found: null, problem: null, again } // drawn before it is asked
}

// One thing under way: [what came of it (undefined, 'under way', a problem, an answer), how to start it, how to forget it].
// What comes of it once it is forgotten, or started anew, is dropped.
export function useTask(run) {
	const [state, setState] = useState(undefined)
	const turns = useRef(new Turns())
	const start = async (...args) => {
		const turn = turns.current.next()
		setState('under way')
		const answer = await run(...args).catch((why) => why)
		if (!turns.current.take(turn)) {
			return null
		}
		setState(answer)
		return answer instanceof Error ? null : answer
	}
	const forget = () => {
		turns.current.know()
		setState(undefined)
	}
	return [state, start, forget]
}

// What came of a task, or null where it is none yet.
export function cameOf(state) {
	return state === undefined || state === 'under way' || state instanceof Error ? null : state
}
