# Completion for bash. The program itself names its commands and options: no list is kept here.
_assay() {
	local program=${COMP_WORDS[0]/#\~/$HOME} word=${COMP_WORDS[COMP_CWORD]}
	local command=${COMP_WORDS[1]-} choices= at=1 known

	COMPREPLY=()
	known=$("$program" help --list 2>/dev/null)
	[[ $command == help ]] && at=2
	# A family has commands of two words.
	if ((COMP_CWORD == at)); then
		choices=$(cut -d ' ' -f 1 <<<"$known")
	elif ((COMP_CWORD == at + 1)) && grep -q "^${COMP_WORDS[at]} " <<<"$known"; then
		choices=$(sed -n "s/^${COMP_WORDS[at]} //p" <<<"$known")
	elif [[ $word == -* ]]; then
		choices=$("$program" help --options "$command" "${COMP_WORDS[2]-}" 2>/dev/null)
	elif [[ $command == check ]]; then
		choices=$(for profile in quick full security; do
			"$program" check --list --profile "$profile" 2>/dev/null
		done | cut -d ' ' -f 1)
	fi
	if [[ -n $choices ]]; then
		mapfile -t COMPREPLY < <(compgen -W "$choices" -- "$word")
	fi
}
complete -o default -F _assay assay
