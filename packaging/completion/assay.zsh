#compdef assay
# Completion for zsh. The program itself names its commands and options: no list is kept here.
_assay() {
	local program=$words[1] command=$words[2] at=2
	local -a known choices

	known=(${(f)"$($program help --list 2>/dev/null)"})
	[[ $command == help ]] && ((CURRENT > 2)) && at=3
	# A family has commands of two words.
	choices=(${${(M)known:#$words[at] *}#* })
	if ((CURRENT == at)); then
		choices=(${(u)known%% *})
		((CURRENT == 2)) && choices+=(help)
		compadd -a choices
	elif ((CURRENT == at + 1)) && ((${#choices})); then
		compadd -a choices
	elif [[ $words[CURRENT] == -* ]]; then
		choices=(${(f)"$($program help --options $command $words[3] 2>/dev/null)"})
		compadd -a choices
	elif ((CURRENT == 3)) && [[ $command == evidence ]]; then
		compadd lint show hash add
	elif ((CURRENT == 3)) && [[ $command == store ]]; then
		compadd init import export verify compact stats ratings token code
	elif [[ $command == check ]]; then
		choices=(${(f)"$(for p in quick full security; do
			$program check --list --profile $p
		done 2>/dev/null | cut -d ' ' -f 1)"})
		compadd -a choices
	else
		_files
	fi
}
_assay "$@"
