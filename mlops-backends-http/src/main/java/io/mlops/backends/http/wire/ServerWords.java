package io.mlops.backends.http.wire;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the body of a refusal says.
 *
 * @param code of MLflow, or of an object store; empty if there is none
 * @param message shortened, on one line; empty if there is none
 * @param isJson whether a server of MLflow may have said it, and no proxy
 */
record ServerWords(String code, String message, boolean isJson) {
    private static final int LONGEST = 300;
    private static final Pattern XML_CODE = Pattern.compile("<Code>([A-Za-z]{1,60})</Code>");
    private static final Pattern TITLE = Pattern.compile("<title>([^<]{0,200})</title>", Pattern.CASE_INSENSITIVE);

    static ServerWords read(JsonFactory factory, String body) {
        String text = body.strip();
        if (text.startsWith("{")) {
            return json(factory, text);
        }
        if (!text.startsWith("<")) {
            return new ServerWords("", shortened(text), false);
        }
        Matcher code = XML_CODE.matcher(text);
        Matcher title = TITLE.matcher(text);
        return new ServerWords(code.find() ? code.group(1) : "", title.find() ? shortened(title.group(1)) : "", false);
    }

    /** MLflow says {@code error_code} and {@code message}, its newer parts {@code detail}. */
    private static ServerWords json(JsonFactory factory, String text) {
        String code = "";
        String message = "";
        try (JsonParser in = factory.createParser(text)) {
            in.nextToken();
            while (in.nextToken() == JsonToken.FIELD_NAME) {
                String name = in.currentName();
                JsonToken value = in.nextToken();
                if (!value.isScalarValue()) {
                    in.skipChildren();
                } else if (name.equals("error_code")) {
                    code = in.getText();
                } else if (name.equals("message") || (name.equals("detail") && message.isEmpty())) {
                    message = in.getText();
                }
            }
        } catch (IOException cut) {
            return new ServerWords(code, shortened(message.isEmpty() ? text : message), !code.isEmpty());
        }
        return new ServerWords(code, shortened(message), true);
    }

    /** On one line, without anything that a terminal or a log would obey. */
    static String shortened(String text) {
        String line = text.replaceAll("[\\p{C}\\p{Z}\\s]+", " ").strip();
        return line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "…";
    }
}
