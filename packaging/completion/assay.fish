# Completion for fish. The program itself names its commands and options: no list is kept here.
function __assay_at
	test (count (commandline -opc)) -eq $argv[1]
end

function __assay_after
	set -l words (commandline -opc)
	test (count $words) -ge 2; and test $words[2] = $argv[1]
end

function __assay_options
	set -l words (commandline -opc)
	$words[1] help --options $words[2..3] 2>/dev/null
end

# The second words of a family: those of "market" for `assay market`.
function __assay_family
	set -l words (commandline -opc)
	assay help --list 2>/dev/null | string replace -f -r "^$words[-1] " ''
end

complete -c assay -n '__assay_at 1' -f -a '(assay help --list 2>/dev/null | string split -f 1 " ") help'
complete -c assay -n '__assay_at 2; and __assay_after help' -f \
	-a '(assay help --list 2>/dev/null | string split -f 1 " ")'
complete -c assay -n '__assay_at 2; or __assay_at 3' -f -a '(__assay_family)'
complete -c assay -n '__assay_at 2; and __assay_after evidence' -f -a 'lint show hash add'
complete -c assay -n '__assay_at 2; and __assay_after store' -f \
	-a 'init import export verify compact stats ratings token code'
complete -c assay -n '__assay_after check' -f \
	-a '(for p in quick full security; assay check --list --profile $p; end 2>/dev/null | cut -d " " -f 1)'
complete -c assay -n 'not __assay_at 1; and string match -q -- "-*" (commandline -ct)' -f \
	-a '(__assay_options)'
