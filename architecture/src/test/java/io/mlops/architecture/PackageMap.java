package io.mlops.architecture;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Which package of the library uses which, as the class files say; the JDK and annotations for null are left out. */
final class PackageMap {
    private static final String ROOT = "io.mlops.";
    private static final List<String> FREE = List.of("java.", "org.jspecify.");

    private final Collection<String> othersRoots;

    /** Per package what it uses, and per thing used one place where it does. */
    private final NavigableMap<String, NavigableMap<String, String>> uses = new TreeMap<>();

    private PackageMap(Collection<String> othersRoots) {
        this.othersRoots = othersRoots;
    }

    /** Reads the map off these classes; packages of others are shown as the one of these roots that they lie in. */
    static PackageMap of(Stream<JavaClass> types, Collection<String> othersRoots) {
        PackageMap map = new PackageMap(othersRoots);
        types.forEach(map::add);
        return map;
    }

    private void add(JavaClass user) {
        NavigableMap<String, String> found =
                uses.computeIfAbsent(nameOf(user.getPackageName()), name -> new TreeMap<>());
        for (Dependency dependency : user.getDirectDependenciesFromSelf()) {
            String used = dependency.getTargetClass().getBaseComponentType().getPackageName();
            if (!used.isEmpty()
                    && !used.equals(user.getPackageName())
                    && FREE.stream().noneMatch((used + ".")::startsWith)) {
                found.putIfAbsent(nameOf(used), dependency.getDescription());
            }
        }
    }

    private String nameOf(String packageName) {
        return packageName.startsWith(ROOT)
                ? packageName.substring(ROOT.length())
                : othersRoots.stream()
                        .filter(root -> (packageName + ".").startsWith(root))
                        .findFirst()
                        .orElse(packageName + ".");
    }

    /** Per package what it uses, and per thing used one place where it does. */
    NavigableMap<String, NavigableMap<String, String>> uses() {
        return Collections.unmodifiableNavigableMap(uses);
    }

    /** The map in Markdown: a picture of ours, in which arrows that others imply are left out, and all in a table. */
    String markdown() {
        StringBuilder text = new StringBuilder("```mermaid\nflowchart TD\n");
        Map<String, List<String>> modules = uses.keySet().stream()
                .collect(Collectors.groupingBy(PackageMap::moduleOf, TreeMap::new, Collectors.toList()));
        modules.forEach((module, packages) -> {
            text.append("  subgraph ").append(module).append('\n');
            packages.forEach(name -> text.append("    ").append(name).append('\n'));
            text.append("  end\n");
        });
        uses.keySet()
                .forEach(user -> shortestTo(user)
                        .forEach(used -> text.append("  ")
                                .append(user)
                                .append(" --> ")
                                .append(used)
                                .append('\n')));
        text.append("```\n\n| package | uses |\n|---|---|\n");
        uses.forEach((user, used) -> text.append("| `")
                .append(user)
                .append("` | ")
                .append(
                        used.isEmpty()
                                ? "nothing"
                                : used.keySet().stream()
                                        .map(name -> "`" + name.replaceAll("\\.$", "") + "`")
                                        .collect(Collectors.joining(", ")))
                .append(" |\n"));
        return text.toString();
    }

    /** An artifact is named as its packages begin. */
    private static String moduleOf(String name) {
        return "mlops-" + name.replaceFirst("^(backends\\.)?(\\w+).*", "$1$2").replace('.', '-');
    }

    private Set<String> oursUsedBy(String user) {
        return uses.get(user).keySet().stream()
                .filter(uses::containsKey)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** What a package uses and nothing else that it uses does. */
    private Set<String> shortestTo(String user) {
        Set<String> direct = oursUsedBy(user);
        Set<String> implied = new TreeSet<>();
        direct.forEach(between -> reach(between, implied));
        direct.removeAll(implied);
        return direct;
    }

    private void reach(String from, Set<String> reached) {
        for (String next : oursUsedBy(from)) {
            if (reached.add(next)) {
                reach(next, reached);
            }
        }
    }
}
