# Completion for bash. The program itself names its commands and options: no list is kept here.
_assay() {
	local program=${COMP_WORDS[0]/#\~/$HOME} word=${COMP_WORDS[COMP_CWORD]}
	local command=${COMP_WORDS[1]-} choices=

	COMPREPLY=()
	if ((COMP_CWORD == 1)) || { ((COMP_CWORD == 2)) && [[ $command == help ]]; }; then
		choices=$("$program" help --list 2>/dev/null | cut -d ' ' -f 1)
	elif [[ $word == -* ]]; then
		choices=$("$program" help --options "$command" 2>/dev/null)
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
