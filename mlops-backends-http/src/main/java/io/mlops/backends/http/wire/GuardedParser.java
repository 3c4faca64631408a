package io.mlops.backends.http.wire;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.util.JsonParserDelegate;
import java.io.IOException;
import java.io.InputStream;

/** A parser that tells its guard which texts are kept: those are bounded, while those that are skipped cost nothing. */
final class GuardedParser extends JsonParserDelegate {
    private final JsonGuard guard;

    private GuardedParser(JsonParser parser, JsonGuard guard) {
        super(parser);
        this.guard = guard;
    }

    static GuardedParser of(JsonFactory factory, InputStream bytes) throws IOException {
        JsonGuard guard = new JsonGuard(bytes);
        return new GuardedParser(factory.createParser((InputStream) guard), guard);
    }

    @Override
    public String getText() throws IOException {
        if (currentToken() != JsonToken.VALUE_STRING) {
            return super.getText();
        }
        guard.wants(true);
        try {
            return super.getText();
        } finally {
            guard.wants(false);
        }
    }

    @Override
    public String getValueAsString() throws IOException {
        return currentToken() == JsonToken.VALUE_STRING ? getText() : super.getValueAsString();
    }

    @Override
    public char[] getTextCharacters() throws IOException {
        return getText().toCharArray();
    }

    @Override
    public int getTextLength() throws IOException {
        return getText().length();
    }

    @Override
    public int getTextOffset() {
        return 0;
    }
}
