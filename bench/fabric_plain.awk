# The same job in awk, less the folding of names: the peer that bench/fabric measures beside.
/^Switch|^Ca/ {
	split($0, part, "\"")
	device = part[2]
	name[device] = part[4]
	next
}
/^\[/ {
	split($0, part, "\"")
	peer = part[2]
	if (device ~ /^S-/ && peer ~ /^H-/) {
		leaves[device] = 1
		below[device, ++count[device]] = peer
	} else if (device ~ /^S-/) {
		above[device, ++ups[device]] = peer
	}
}
END {
	for (leaf in leaves) {
		delete seen
		best = 0
		for (i = 1; i <= count[leaf]; i++) {
			split(name[below[leaf, i]], word, " ")
			host[i] = word[1]
			if (host[i] in group)
				if (++seen[group[host[i]]] > seen[best])
					best = group[host[i]]
		}
		if (best == 0 || seen[best] * 2 < count[leaf])
			best = ++groups
		for (i = 1; i <= count[leaf]; i++)
			if (!(host[i] in group)) {
				group[host[i]] = best
				nodes[best] = nodes[best] (nodes[best] ? "," : "") host[i]
			}
		for (i = 1; i <= ups[leaf]; i++)
			over[above[leaf, i], best] = 1
	}
	for (g = 1; g <= groups; g++)
		print "SwitchName=group" g " Nodes=" nodes[g]
	for (pair in over) {
		split(pair, half, SUBSEP)
		list[half[1]] = list[half[1]] (list[half[1]] ? "," : "") "group" half[2]
	}
	for (spine in list)
		if (!(list[spine] in printed)) {
			printed[list[spine]] = 1
			print "SwitchName=pod" ++pods " Switches=" list[spine]
		}
}
