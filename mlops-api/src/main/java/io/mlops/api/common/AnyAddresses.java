package io.mlops.api.common;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Addresses and paths of any kind, without the secrets that somebody may have written into them. */
final class AnyAddresses {
    static final String CUT = "…";

    private static final Pattern URI = Pattern.compile("([A-Za-z][A-Za-z0-9+.:-]*)://([^/?#]*)(.*)", Pattern.DOTALL);
    /** Hosts with ports, as many as a cluster names, or the name that Amazon gives to an access point. */
    private static final Pattern HOSTS = Pattern.compile("arn:[^@]*|(?:\\[[^\\]]*]|[^:,@\\[\\]]*)(?::[0-9]*)?"
            + "(?:,(?:\\[[^\\]]*]|[^:,@\\[\\]]*)(?::[0-9]*)?){0,50}");
    /**
     * Schemes of buckets, which have no ports: with an {@code @} further on, what looks like one may be the beginning of
     * a secret.
     */
    private static final Set<String> BUCKETS = Set.of("s3", "s3a", "s3n", "gs", "oss");
    /** Endpoints before a bucket; keys, which consist of capitals, and the rest of a secret rarely look so. */
    private static final Pattern ENDPOINT =
            Pattern.compile("[^:,/]*[a-z][^:,/]*:([0-9]*)/([a-z0-9][a-z0-9.-]{2,62}/.*|[^/]*@.*)", Pattern.DOTALL);
    /** Addresses in Azure's storage, in which the container, and no user, stands before the host. */
    private static final Pattern CONTAINER =
            Pattern.compile("(?:abfss?|wasbs?)://[\\w$-]{1,63}@[^@/]*(/.*)?", Pattern.DOTALL);
    /**
     * Text that reads like a host and one name, but may be the middle of a password with a slash, since a whole host
     * follows.
     */
    private static final Pattern HOST_LATER = Pattern.compile(
            "(?!localhost[:/])[\\w%-]+(?::([0-9]+))?/([^/?#]*)@(?:[\\w-]++\\.)++[A-Za-z]{2,}[:/].*", Pattern.DOTALL);
    /** Ports that servers of data listen at; other short numbers are rather the beginning of a password. */
    private static final Pattern PORT = Pattern.compile("2[0-2]|8[0-9]|139|443|445|8[0-9]{2}|989|990|[0-9]{4,5}");
    /** Schemes of addresses that never hold a password. */
    private static final Set<String> WITHOUT_PASSWORDS = Set.of("hdfs", "webhdfs", "swebhdfs", "viewfs", "alluxio");

    private static final String CODED_AT = "%40";
    private static final Pattern URI_PARAMETERS = Pattern.compile("\\?.+|;[^/=;?]*=.*|#[^/=#?]*=.*", Pattern.DOTALL);
    private static final Pattern AFTER_PATH = Pattern.compile("[?;#]");
    static final Pattern PARAMETERS = Pattern.compile("[?;#][^/=?;#]*=.*", Pattern.DOTALL);
    /** A user and password where blanks, or another number or kind of slashes, keep the address from being a URI. */
    private static final Pattern MISTYPED = Pattern.compile(
            "^([\\s\\p{Cc}]+(?:[A-Za-z][\\w+.-]*:)?[/\\\\]{0,3}|(?!file:)[A-Za-z][\\w+.-]+:(?:/|/{3}|\\\\{1,3})|//)"
                    + "[^/\\\\@:?#\\s]*:[^/\\\\@?#\\s]*@([^/\\\\])");
    /** Passwords as settings, in parentheses or between blanks. */
    private static final Pattern SETTING =
            Pattern.compile("(\\b(?:password|passwd|pwd)\\s{0,3}=\\s{0,3})[^)\\s&;,…]+", Pattern.CASE_INSENSITIVE);

    private AnyAddresses() {}

    static String withoutSecrets(String address) {
        String before = address;
        String shown = withoutOutermost(before);
        // What stands before a secret can hide another one.
        while (!shown.equals(before)) {
            before = shown;
            shown = withoutOutermost(before);
        }
        return shown;
    }

    private static String withoutOutermost(String typed) {
        String address = MISTYPED.matcher(typed).replaceFirst("$1$2");
        Matcher uri = URI.matcher(address);
        String shown = uri.matches()
                ? uri.group(1) + "://" + cut(URI_PARAMETERS, withoutUser(uri.group(1), uri.group(2), uri.group(3)))
                : cut(PARAMETERS, BareAddresses.withoutUser(address));
        return SETTING.matcher(RemoteAddresses.TOKEN.matcher(shown).replaceAll(CUT))
                .replaceAll("$1" + CUT);
    }

    private static String withoutUser(String scheme, String authority, String rest) {
        String all = authority + rest;
        String lower = scheme.toLowerCase(Locale.ROOT);
        if (CONTAINER.matcher(lower + "://" + all).matches()) {
            return all;
        }
        int at = authority.lastIndexOf('@');
        if (at < 0 && rest.indexOf('@') < 0) {
            at = authority.lastIndexOf(CODED_AT);
            at = at < 0 ? at : at + CODED_AT.length() - 1;
        }
        if (at >= 0 && !isJdbcParameter(lower, authority, at)) {
            String host = authority.substring(at + 1);
            String without = withoutLaterUser(lower, authority.substring(0, at), host, rest);
            boolean everybody = lower.contains("ssh") && authority.lastIndexOf("git@") == 0 && at == 3;
            return everybody ? "git@" + without : without;
        }
        String hosts = isJdbcParameter(lower, authority, authority.length())
                ? authority.substring(0, authority.indexOf(';'))
                : authority;
        return isHosts(lower, hosts, rest) ? withoutDoubt(lower, hosts, all) : withoutSlashedUser(hosts, all);
    }

    /**
     * Whether a position lies among the settings of a JDBC driver, which follow a semicolon; elsewhere a semicolon may
     * be part of a password.
     */
    private static boolean isJdbcParameter(String scheme, String authority, int at) {
        int semicolon = authority.indexOf(';');
        return scheme.startsWith("jdbc:")
                && semicolon >= 0
                && semicolon < at
                && (authority.indexOf('=', semicolon) >= 0 || authority.startsWith(CUT, semicolon + 1));
    }

    /** Takes what stands behind a user for the host, unless a password with a slash may reach to another one. */
    private static String withoutLaterUser(String scheme, String user, String host, String rest) {
        Matcher later = HOST_LATER.matcher(host + rest);
        if (!later.matches() || later.group(1) != null || !hasPassword(user)) {
            return withoutUser(scheme, host, rest);
        }
        boolean surely = later.group(2).indexOf('@') >= 0;
        return surely ? withoutSlashedUser(host, host + rest) : CUT + pathOf((host + rest).substring(later.end(2)));
    }

    private static boolean hasPassword(String user) {
        return user.indexOf(':') >= 0 || user.toLowerCase(Locale.ROOT).contains("%3a");
    }

    /** Keeps a server with its port, but not the name behind it, where all may be a user and a password with a slash. */
    private static String withoutDoubt(String scheme, String hosts, String all) {
        Matcher later = HOST_LATER.matcher(all);
        boolean doubt = !WITHOUT_PASSWORDS.contains(scheme) && later.matches() && later.group(1) != null;
        return doubt ? hosts + "/" + CUT + pathOf(all.substring(later.end(2))) : all;
    }

    /** Returns the path behind a host; nothing where parameters come before. */
    static String pathOf(String hostAndMore) {
        int slash = hostAndMore.indexOf('/');
        return slash < 0 || AFTER_PATH.matcher(hostAndMore.substring(0, slash)).find()
                ? ""
                : hostAndMore.substring(slash);
    }

    /** Whether this names machines, and not the beginning of a secret that goes on after a slash. */
    private static boolean isHosts(String scheme, String hosts, String rest) {
        boolean bucketWithSecret = BUCKETS.contains(scheme)
                && !hosts.startsWith("arn:")
                && hosts.indexOf(':') >= 0
                && rest.indexOf('@') >= 0
                && !isEndpoint(hosts + rest);
        Matcher later = HOST_LATER.matcher(hosts + rest);
        boolean noPort = later.matches()
                && later.group(1) != null
                && !PORT.matcher(later.group(1)).matches();
        return !bucketWithSecret
                && !noPort
                && !hosts.contains(CODED_AT)
                && !holdsSettings(hosts)
                && HOSTS.matcher(hosts).matches();
    }

    private static boolean isEndpoint(String all) {
        Matcher endpoint = ENDPOINT.matcher(all);
        if (!endpoint.matches()) {
            return false;
        }
        String port = endpoint.group(1);
        String behind = endpoint.group(2);
        int slash = behind.indexOf('/');
        int at = behind.indexOf('@');
        boolean bucket = slash >= 0 && slash < at;
        return port.isEmpty()
                ? bucket || !BareAddresses.looksSecret(behind.substring(0, at))
                : bucket && PORT.matcher(port).matches();
    }

    /** Whether settings stand in place of a host, as drivers of JDBC take them, with a password among them. */
    private static boolean holdsSettings(String hosts) {
        return (hosts.indexOf('=') >= 0 || hosts.indexOf('(') >= 0)
                && !hosts.contains(CODED_AT)
                && !hosts.startsWith("arn:")
                && HOSTS.matcher(hosts).matches();
    }

    /**
     * Cuts a secret that itself holds a slash, and goes on up to the last {@code @} if there is one; no host looks like
     * that.
     */
    private static String withoutSlashedUser(String hosts, String all) {
        int at = all.lastIndexOf('@');
        boolean unclear = at >= 0 && holdsSettings(hosts);
        if (at >= 0 && !unclear) {
            return PARAMETERS.matcher(all.substring(0, at)).find() ? CUT : all.substring(at + 1);
        }
        int from = 0;
        while (from < hosts.length() && ":=(%[,".indexOf(hosts.charAt(from)) < 0) {
            from++;
        }
        if (unclear) {
            return hosts.substring(0, from + 1) + CUT;
        }
        return from + 1 >= hosts.length() ? all : hosts.substring(0, from + 1) + CUT + all.substring(hosts.length());
    }

    /** Cuts all parameters, since any may be a password or a signature. */
    private static String cut(Pattern parameters, String address) {
        Matcher first = parameters.matcher(address);
        return first.find() ? address.substring(0, first.start() + 1) + CUT : address;
    }
}
