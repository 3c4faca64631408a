package io.mlops.api.common;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Addresses of repositories on other machines, without secrets. */
final class RemoteAddresses {
    /** Tokens that begin with the mark of their issuer, and signed ones. */
    static final Pattern TOKEN = Pattern.compile("(?<![A-Za-z0-9])(?:(?:gh[opsur]|hf|npm)_[A-Za-z0-9]{20,}"
            + "|github_pat_\\w{20,}|glpat-[\\w-]{16,}|xox[a-z]-[\\w-]{10,}|eyJ[\\w-]{8,}\\.[\\w-]{8,}\\.[\\w-]*)");

    private static final Set<String> SCHEMES = Set.of("http", "https", "ssh", "git", "git+ssh", "ssh+git");
    private static final Pattern URI = Pattern.compile("([A-Za-z][A-Za-z0-9+.-]*)://([^/]*)(/[^?#]*)(?:[?#].*)?");
    private static final Pattern AUTHORITY =
            Pattern.compile("(?:.*@)?([\\w.-]+|\\[[0-9a-fA-F:.]+])(:[0-9]{1,5})?", Pattern.DOTALL);
    /** Remotes as scp writes them; a single letter before the colon is a drive of Windows. */
    private static final Pattern SCP = Pattern.compile("(?:([^@/:]*)@)?([\\w.-]{2,}|\\[[0-9a-fA-F:.]+]):([^:].*)");
    /** Paths without an {@code @}, since one with it may be the end of a password that holds a slash. */
    private static final Pattern PATH = Pattern.compile("[\\p{L}\\p{M}\\p{N}._~/+%-]{1,400}");

    private RemoteAddresses() {}

    static Optional<String> withoutSecrets(String address) {
        Matcher uri = URI.matcher(address);
        if (uri.matches()) {
            String scheme = uri.group(1).toLowerCase(Locale.ROOT);
            Matcher authority = AUTHORITY.matcher(uri.group(2));
            if (!SCHEMES.contains(scheme) || !authority.matches() || !isPlain(uri.group(3))) {
                return Optional.empty();
            }
            String user = scheme.contains("ssh") && uri.group(2).startsWith("git@") ? "git@" : "";
            String port = authority.group(2) == null ? "" : authority.group(2);
            return Optional.of(scheme + "://" + user + authority.group(1) + port + uri.group(3));
        }
        Matcher scp = SCP.matcher(address);
        return scp.matches() && isPlain(scp.group(3))
                ? Optional.of(("git".equals(scp.group(1)) ? "git@" : "") + scp.group(2) + ":" + scp.group(3))
                : Optional.empty();
    }

    private static boolean isPlain(String path) {
        return PATH.matcher(path).matches() && !TOKEN.matcher(path).find();
    }
}
