package io.mlops.architecture;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The part of a page that a test writes, between two comments that readers of the page do not see. */
record MarkedBlock(Path page, String name) {
    String text() throws IOException {
        String all = Files.readString(page);
        return all.substring(start(all), end(all));
    }

    void replaceBy(String text) throws IOException {
        String all = Files.readString(page);
        Files.writeString(page, all.substring(0, start(all)) + text + all.substring(end(all)));
    }

    private int start(String all) {
        String mark = "<!-- begin " + name + " -->\n";
        return found(all.indexOf(mark), mark) + mark.length();
    }

    private int end(String all) {
        String mark = "<!-- end " + name + " -->";
        return found(all.indexOf(mark, start(all)), mark);
    }

    private int found(int at, String mark) {
        if (at < 0) {
            throw new AssertionError(page + " lacks the line " + mark.strip());
        }
        return at;
    }
}
