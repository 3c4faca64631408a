package io.mlops.core.environment;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The settings of one repository, read to tell where it came from. Git reads the same bytes in ways of its own, so whether
 * it may be asked is not decided here, but by {@link GitFolder#safeToAsk()}.
 */
record GitConfig(List<Setting> settings) {
    /** One setting; section and name in lower case. */
    record Setting(String section, String part, String name, String value) {}

    /** Possessive, as a long name would overflow the stack otherwise. */
    private static final Pattern SECTION =
            Pattern.compile("\\[\\s*([\\w.-]+)(?:\\s+\"((?:[^\"\\\\]|\\\\.)*+)\")?\\s*](.*)");

    private static final Pattern SETTING = Pattern.compile("([A-Za-z][\\w-]*)\\s*(?:=\\s*(.*))?");

    static GitConfig parse(String text) {
        List<Setting> settings = new ArrayList<>();
        String section = "";
        String part = "";
        for (String line : text.split("\n", -1)) {
            String rest = line.strip();
            Matcher begin = SECTION.matcher(rest);
            if (begin.matches()) {
                String name = begin.group(1).toLowerCase(Locale.ROOT);
                int dot = name.indexOf('.');
                section = dot < 0 ? name : name.substring(0, dot);
                String quoted = begin.group(2);
                part = quoted == null ? name.substring(dot + 1) : quoted.replaceAll("\\\\(.)", "$1");
                settings.add(new Setting(section, part, "", ""));
                rest = begin.group(3).strip();
            }
            Matcher setting = SETTING.matcher(rest);
            if (setting.matches()) {
                String value = setting.group(2) == null ? "" : setting.group(2);
                settings.add(new Setting(section, part, setting.group(1).toLowerCase(Locale.ROOT), plain(value)));
            }
        }
        return new GitConfig(settings);
    }

    /** Without quotes and comments. */
    private static String plain(String value) {
        StringBuilder text = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '"') {
                quoted = !quoted;
            } else if (c == '\\' && i + 1 < value.length()) {
                text.append(value.charAt(++i));
            } else if (!quoted && (c == '#' || c == ';')) {
                break;
            } else {
                text.append(c);
            }
        }
        return text.toString().strip();
    }

    /** Where it came from: the remote called origin, else the first; null if there is none. */
    @Nullable
    String remote() {
        String first = null;
        for (Setting setting : settings) {
            if (setting.section().equals("remote") && setting.name().equals("url")) {
                if (setting.part().equals("origin")) {
                    return setting.value();
                }
                first = first == null ? setting.value() : first;
            }
        }
        return first;
    }
}
