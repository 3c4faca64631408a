package io.mlops.core.environment;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Where a checkout came from, without anything that might be a secret. */
final class GitRemote {
    private static final Set<String> SCHEMES = Set.of("http", "https", "ssh", "git", "git+ssh", "ssh+git");
    private static final Pattern URL = Pattern.compile("([A-Za-z][A-Za-z0-9+.-]*)://([^/]*)(/[^?#]*)(?:[?#].*)?");
    private static final Pattern AUTHORITY =
            Pattern.compile("(?:.*@)?([\\w.-]+|\\[[0-9a-fA-F:.]+])(:[0-9]{1,5})?", Pattern.DOTALL);
    /** As scp writes it; a single letter before the colon is a drive. */
    private static final Pattern SCP = Pattern.compile("(?:([^@/:]*)@)?([\\w.-]{2,}|\\[[0-9a-fA-F:.]+]):([^:].*)");

    private static final Pattern PATH = Pattern.compile("[\\p{L}\\p{M}\\p{N}._~/+%-]{1,400}");

    private GitRemote() {}

    /**
     * A remote without user, password, tokens and parameters; null if that cannot be told from the rest, or it is a place
     * on this machine. The user {@code git} is everybody, and stays where it is needed.
     */
    static @Nullable String withoutSecrets(String remote) {
        Matcher url = URL.matcher(remote);
        if (url.matches()) {
            String scheme = url.group(1).toLowerCase(Locale.ROOT);
            Matcher authority = AUTHORITY.matcher(url.group(2));
            if (!SCHEMES.contains(scheme) || !authority.matches() || !plain(url.group(3))) {
                return null;
            }
            String user = scheme.contains("ssh") && url.group(2).startsWith("git@") ? "git@" : "";
            String port = authority.group(2) == null ? "" : authority.group(2);
            return scheme + "://" + user + authority.group(1) + port + url.group(3);
        }
        Matcher scp = SCP.matcher(remote);
        if (scp.matches() && plain(scp.group(3))) {
            return ("git".equals(scp.group(1)) ? "git@" : "") + scp.group(2) + ":" + scp.group(3);
        }
        return null;
    }

    /** What holds an {@code @} may be the end of a password that holds a slash. */
    private static boolean plain(String path) {
        return PATH.matcher(path).matches();
    }
}
