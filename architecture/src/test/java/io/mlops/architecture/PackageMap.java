package io.mlops.architecture;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
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
}
