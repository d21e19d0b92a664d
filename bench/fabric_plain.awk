# The same job as fabric_plain.py in awk: the peer that bench/fabric measures beside.
# usage: awk -f fabric_plain.awk FILE
BEGIN {
	FS = "\""
	("wc -l < " ARGV[1]) | getline whole_lines
	split("SDR 2000 DDR 4000 QDR 8000 FDR10 10000 FDR 13636 EDR 25000 HDR 50000 NDR 100000 XDR 200000", word, " ")
	for (i = 1; i in word; i += 2)
		lane[word[i]] = word[i + 1]
}

NR > whole_lines {
	fault["truncated"]++
	next
}

/^\[/ {
	if (NF < 5 || $2 !~ /^[SHR]-/ || split($NF, word, " ") < 3) {
		fault["unreadable"]++
	} else if (device != "") {
		port = substr($1, 2) + 0
		if (port > ports[device])
			fault["unreadable"]++
		else
			add_end(device SUBSEP port, $2 SUBSEP substr($3, 2) + 0, word[3])
		if (!($2 in ports))
			called[$2] = $4
	}
	next
}

/^(vendid|devid|sysimgguid|caguid|switchguid|rtguid)=0x/ {
	split($0, word, "=0x")
	told[word[1]] = word[2]
	device = ""
	next
}

/^(Switch|Ca|Rt)\t/ {
	device = $2
	if (device in ports) {
		fault["duplicate-guid"]++
		device = ""
	} else {
		split($1, word, "\t")
		order[++devices] = device
		ports[device] = word[2] + 0
		text[device] = $4
		model[device] = told["vendid"] "/" told["devid"]
		system_of[device] = "sysimgguid" in told ? told["sysimgguid"] : substr(device, 3)
	}
	split("", told)
	next
}

/^(ibwarn:|src\/|ibpanic:|ibdiag|libibnetdisc)/ { fault["no-answer"]++; next }
!/^(#|$)/ { fault["unreadable"]++ }

function add_end(end, other, its_rate)
{
	leads_to[end] = other
	rate[end] = its_rate
	line_of[end] = sprintf("%09d", NR)
}

# Both ends of each cable held against each other; what is left in `leads_to` is linked both ways.
function link_cables(	i, end, other, word, count, doubts, doubt, left_out)
{
	for (i in called)
		if (!(i in ports)) {
			order[++devices] = i
			ports[i] = 65536
			text[i] = called[i]
			system_of[i] = substr(i, 3)
			is_left_out[i] = 1
			count++
		}
	if (count > 0)
		fault["truncated"]++
	for (end in leads_to) {
		other = leads_to[end]
		if (!(other in leads_to) || leads_to[other] != end || other == end)
			doubt[++doubts] = end
	}
	sort(doubt, line_of, 1, doubts + 0)
	for (i = 1; i <= doubts; i++) {
		end = doubt[i]
		other = leads_to[end]
		split(other, word, SUBSEP)
		if (other == end)
			fault["loop"]++
		else if (word[2] > ports[word[1]])
			fault["unreadable"]++
		else if (!(other in leads_to)) {
			add_end(other, end, rate[end])
			if (!(word[1] in is_left_out))
				fault["one-sided"]++
			continue
		} else if (leads_to[leads_to[other]] == other)
			fault["duplicate-guid"]++
		else
			fault["one-sided"]++
		left_out[end] = 1
	}
	for (end in left_out)
		delete leads_to[end]
}

# The host of each adapter, by the first word of what it calls itself, else by its GUID.
function name_hosts(	i, name, word, first, crowd)
{
	for (i = 1; i <= devices; i++) {
		name = order[i]
		if (name !~ /^H-/ || text[name] ~ /Aggregation Node/)
			continue
		first[name] = ""
		if (text[name] !~ /Mellanox|ConnectX|NVIDIA|HCA card|InfiniBand/ && split(text[name], word, " "))
			first[name] = word[1]
		crowd[first[name]]++
	}
	for (name in first) {
		host_of[name] = first[name]
		if (first[name] == "" || crowd[first[name]] > 64) {
			host_of[name] = "guid-" substr("0000000000000000" system_of[name], length(system_of[name]) + 1)
			is_unnamed[host_of[name]] = 1
		}
	}
}

function find_leaves(	end, near, far, host, leaf)
{
	for (end in leads_to) {
		split(end, near, SUBSEP)
		split(leads_to[end], far, SUBSEP)
		leaf = far[1]
		if (leaf !~ /^S-/)
			continue
		if (near[1] ~ /^S-/)
			switch_peer[near[1], ++switch_links[near[1]]] = leaf
		if (!(near[1] in host_of))
			continue
		host = host_of[near[1]]
		if (!(leaf in spots))
			leaves[++leaf_count] = leaf
		spot_host[leaf, ++spots[leaf]] = host
		spot_port[leaf, spots[leaf]] = far[2]
		host_leaf[host, ++host_links[host]] = leaf
	}
}

# The tier of each switch, and its links to each switch above it.
function climb(	i, at_queue, name, between)
{
	for (i = 1; i <= leaf_count; i++) {
		queue[++queued] = leaves[i]
		tier[leaves[i]] = 0
	}
	for (at_queue = 1; at_queue <= queued; at_queue++) {
		name = queue[at_queue]
		for (i = 1; i <= switch_links[name]; i++)
			if (!(switch_peer[name, i] in tier)) {
				tier[switch_peer[name, i]] = tier[name] + 1
				queue[++queued] = switch_peer[name, i]
			}
	}
	for (at_queue = 1; at_queue <= queued; at_queue++) {
		name = queue[at_queue]
		for (i = 1; i <= switch_links[name]; i++) {
			between = switch_peer[name, i]
			if (tier[between] <= tier[name])
				continue
			if (++trunk[name, between] == 1)
				above[name, ++aboves[name]] = between
			ups[name]++
		}
	}
}

# Items of `items` whose sets have at least half of the smaller one in common; the family of each
# goes into `family`, numbered on from `families`.
function join(items, count, set, set_count, family,	i, j, item, seen, best, size, its, own_family)
{
	for (i = 1; i <= count; i++) {
		item = items[i]
		split("", seen)
		best = 0
		for (j = 1; j <= set_count[item]; j++) {
			its = set[item, j] in own_family ? own_family[set[item, j]] : 0
			if (its && ++seen[its] > seen[best])
				best = its
		}
		size = best && set_count[item] > members[best] ? members[best] : set_count[item]
		if (!best || seen[best] * 2 < size)
			best = ++families
		family[item] = best
		member_of[best, ++family_size[best]] = item
		for (j = 1; j <= set_count[item]; j++)
			if (!(set[item, j] in own_family)) {
				own_family[set[item, j]] = best
				members[best]++
			}
	}
}

function find_groups(	i, j, leaf, host, set, set_count, seen, count, best)
{
	for (i = 1; i <= leaf_count; i++) {
		leaf = leaves[i]
		for (j = 1; j <= spots[leaf]; j++) {
			host = spot_host[leaf, j]
			if (!((leaf, host) in seen))
				set[leaf, ++set_count[leaf]] = host
			seen[leaf, host] = 1
		}
	}
	join(leaves, leaf_count, set, set_count, group_of)
	for (host in host_links) {
		split("", count)
		best = 0
		for (i = 1; i <= host_links[host]; i++) {
			j = group_of[host_leaf[host, i]]
			if (++count[j] > count[best])
				best = j
		}
		home[host] = best
		if (!(host in is_unnamed))
			in_group[best, ++group_hosts[best]] = host
	}
}

function find_siblings(	t, i, items, count, top)
{
	first_sibling = families + 1
	for (i = 1; i <= queued; i++)
		if (tier[queue[i]] > top)
			top = tier[queue[i]]
	for (t = 0; t <= top; t++) {
		count = 0
		for (i = 1; i <= queued; i++)
			if (tier[queue[i]] == t && aboves[queue[i]])
				items[++count] = queue[i]
		join(items, count, above, aboves, siblings)
	}
}

# The value that comes most often in `counts`; the number of times is left in `most_count`.
function most(counts,	value, best)
{
	most_count = 0
	for (value in counts)
		if (counts[value] > most_count) {
			best = value
			most_count = counts[value]
		}
	return best
}

# Cables that are at each other's place: the same port of a group's leaves leads to one host.
function judge_places(	i, j, leaf, host, spot, count, all, best, best_count, expected, astray, pair, word, other)
{
	for (i = 1; i <= leaf_count; i++)
		for (j = 1; j <= spots[leaves[i]]; j++) {
			leaf = leaves[i]
			host = spot_host[leaf, j]
			if (host in is_unnamed)
				continue
			spot = group_of[leaf] "," spot_port[leaf, j]
			all[spot]++
			if (++count[spot, host] > best_count[spot]) {
				best_count[spot]++
				best[spot] = host
			}
		}
	for (i = 1; i <= leaf_count; i++)
		for (j = 1; j <= spots[leaves[i]]; j++) {
			leaf = leaves[i]
			host = spot_host[leaf, j]
			spot = group_of[leaf] "," spot_port[leaf, j]
			expected = family_size[group_of[leaf]] > 1 && best_count[spot] * 2 >= all[spot] ? best[spot] : ""
			if (host in is_unnamed)
				probable[expected]++
			else if (expected != "" && expected != host)
				astray[host, expected]++
			else if (home[host] != group_of[leaf])
				fault["misplaced-cable"]++
		}
	for (pair in astray) {
		split(pair, word, SUBSEP)
		other = (word[2], word[1]) in astray ? astray[word[2], word[1]] : 0
		if (word[1] < word[2])
			fault["swapped-cables"] += other < astray[pair] ? other : astray[pair]
		if (astray[pair] > other)
			fault["misplaced-cable"] += astray[pair] - other
	}
}

# Switches with fewer uplinks than those beside them, and to which switch they lack them.
function judge_uplinks(	f, i, j, name, usual, counts, seen, list, listed, links)
{
	for (f = first_sibling; f <= families; f++) {
		if (family_size[f] < 2)
			continue
		split("", counts)
		split("", seen)
		listed = 0
		for (i = 1; i <= family_size[f]; i++) {
			name = member_of[f, i]
			counts[ups[name]]++
			for (j = 1; j <= aboves[name]; j++)
				if (!(above[name, j] in seen)) {
					seen[above[name, j]] = 1
					list[++listed] = above[name, j]
				}
		}
		links = most(counts) + 0
		for (j = 1; j <= listed; j++) {
			split("", counts)
			for (i = 1; i <= family_size[f]; i++)
				counts[trunk[member_of[f, i], list[j]] + 0]++
			usual[j] = most(counts) + 0
		}
		for (i = 1; i <= family_size[f]; i++) {
			name = member_of[f, i]
			for (j = 1; ups[name] < links && j <= listed; j++)
				fault["missing-uplink"] += trunk[name, list[j]] < usual[j]
		}
	}
}

function mbit(text,	word)
{
	if (!(text in known_mbit))
		known_mbit[text] = split(text, word, "x") == 2 && word[2] in lane ? word[1] * lane[word[2]] : 0
	return known_mbit[text]
}

# Links slower than most between devices of the same models, and ends that do not agree.
function judge_rates(	end, near, far, low, high, one, other, kind, counts, all, best, usual, pair, word)
{
	for (end in leads_to) {
		split(end, near, SUBSEP)
		split(leads_to[end], far, SUBSEP)
		if (!(far[1] in tier) || !(near[1] in host_of || near[1] in tier))
			continue
		low = near[1] in host_of ? -1 : tier[near[1]]
		high = tier[far[1]]
		if (low > high || (low == high && end > leads_to[end]))
			continue
		one = mbit(rate[end])
		other = mbit(rate[leads_to[end]])
		if (one && other && one != other) {
			fault["unequal-ends"]++
		} else if (one || other) {
			kind = low " " high " " model[near[1]] " " model[far[1]]
			one = one ? one : other
			all[kind]++
			counts[kind, one]++
		}
	}
	for (pair in counts) {
		split(pair, word, SUBSEP)
		if (counts[pair] > best[word[1]]) {
			best[word[1]] = counts[pair]
			usual[word[1]] = word[2] + 0
		}
	}
	for (pair in counts) {
		split(pair, word, SUBSEP)
		kind = word[1]
		if (all[kind] >= 4 && best[kind] >= 0.75 * all[kind] && word[2] + 0 < usual[kind])
			fault["slow-link"] += counts[pair]
	}
}

# Adapters whose host nothing names, and hosts with fewer links than most.
function judge_hosts(	host, counts, named, usual)
{
	for (host in is_unnamed)
		fault["unnamed-adapter"]++
	for (host in host_links)
		if (!(host in is_unnamed)) {
			counts[host_links[host]]++
			named++
		}
	usual = most(counts) + 0
	if (named < 2 || most_count < 0.75 * named || usual < 3)
		return
	for (host in host_links)
		if (!(host in is_unnamed) && host_links[host] + probable[host] < usual && host_links[host] * 2 >= usual)
			fault["missing-adapter"]++
}

# A text that sorts as the name does by its numbers.
function natural(name,	key)
{
	key = ""
	while (match(name, /[0-9]+/)) {
		key = key substr(name, 1, RSTART - 1) substr("00000000000000000000", RLENGTH + 1) substr(name, RSTART, RLENGTH)
		name = substr(name, RSTART + RLENGTH)
	}
	return key name
}

function sort(list, key, low, high,	i, last, pivot, kept)
{
	if (low >= high)
		return
	i = int((low + high) / 2)
	kept = list[i]; list[i] = list[low]; list[low] = kept
	pivot = key[kept]
	last = low
	for (i = low + 1; i <= high; i++)
		if (key[list[i]] < pivot) {
			last++
			kept = list[i]; list[i] = list[last]; list[last] = kept
		}
	kept = list[low]; list[low] = list[last]; list[last] = kept
	sort(list, key, low, last - 1)
	sort(list, key, last + 1, high)
}

# node[01-04,07] of names in order.
function fold(list, count,	i, prefix, digits, folded, before, start, last, ranges, parts)
{
	for (i = 1; i <= count + 1; i++) {
		prefix = digits = ""
		if (i <= count) {
			match(list[i], /[0-9]*$/)
			digits = substr(list[i], RLENGTH > 9 ? length(list[i]) - 8 : RSTART)
			prefix = substr(list[i], 1, length(list[i]) - length(digits))
		}
		if (i > 1 && prefix == before && digits == sprintf("%0" length(last) "d", last + 1)) {
			last = digits
			continue
		}
		if (i > 1)
			ranges = ranges (parts++ ? "," : "") (start == last ? start : start "-" last)
		if (i > 1 && (prefix != before || i > count)) {
			folded = folded (folded == "" ? "" : ",") before (parts > 1 || start != last ? "[" ranges "]" : ranges)
			ranges = ""
			parts = 0
		}
		before = prefix
		start = last = digits
	}
	return folded
}

function plain(name)
{
	if (name ~ /^MF0;[^:]+:/)
		return substr(name, 5, index(name, ":") - 5)
	return name
}

function name_groups(	g, i, name, text_of, seen, good)
{
	good = 1
	for (g = 1; g <= groups; g++) {
		name = plain(text[member_of[ordered[g], 1]])
		for (i = 2; i <= family_size[ordered[g]]; i++) {
			text_of = plain(text[member_of[ordered[g], i]])
			while (substr(text_of, 1, length(name)) != name)
				name = substr(name, 1, length(name) - 1)
		}
		if (family_size[ordered[g]] > 1)
			sub(/[^A-Za-z0-9]*[0-9]*$/, "", name)
		group_name[g] = name
		good = good && length(name) >= 3 && !(name in seen)
		seen[name] = 1
	}
	for (g = 1; g <= groups && !good; g++)
		group_name[g] = "leafgroup-" g
}

function root(g)
{
	while (pod_of[g] != g)
		g = pod_of[g]
	return g
}

function write(	g, i, f, host, key, list, first, count, pods, pod, names, tops)
{
	for (g in group_hosts) {
		for (i = 1; i <= group_hosts[g]; i++) {
			list[i] = in_group[g, i]
			key[list[i]] = natural(list[i])
		}
		sort(list, key, 1, group_hosts[g])
		folded[g] = fold(list, group_hosts[g])
		first[g] = key[list[1]]
		ordered[++groups] = g
		pod_of[g] = g
	}
	sort(ordered, first, 1, groups)
	name_groups()
	for (g = 1; g <= groups; g++)
		print "SwitchName=" group_name[g] " Nodes=" folded[ordered[g]]
	for (f = first_sibling; f <= families; f++)
		for (i = 2; tier[member_of[f, 1]] == 0 && i <= family_size[f]; i++)
			pod_of[root(group_of[member_of[f, i]])] = root(group_of[member_of[f, 1]])
	for (g = 1; g <= groups; g++) {
		pod = root(ordered[g])
		if (!(pod in count))
			names[++pods] = pod
		list[pod, ++count[pod]] = group_name[g]
		tops[g] = group_name[g]
	}
	if (pods > 1 && pods < groups) {
		for (g = 1; g <= pods; g++) {
			for (i = 1; i <= count[names[g]]; i++)
				list[i] = list[names[g], i]
			print "SwitchName=pod-" g " Switches=" fold(list, count[names[g]])
			tops[g] = "pod-" g
		}
		groups = pods
	}
	if (groups > 1)
		print "SwitchName=compute Switches=" fold(tops, groups)
}

END {
	link_cables()
	name_hosts()
	find_leaves()
	climb()
	find_groups()
	find_siblings()
	judge_places()
	judge_uplinks()
	judge_rates()
	judge_hosts()
	write()
	for (kind in fault)
		if (fault[kind] > 0)
			print fault[kind], kind > "/dev/stderr"
}
