package io.mlops.core.registry;

import io.mlops.api.artifact.Content;
import io.mlops.api.common.RelativePath;
import io.mlops.api.schema.Fields;
import io.mlops.api.schema.ModelSignature;
import io.mlops.core.codec.Json;
import io.mlops.core.codec.SignatureJson;
import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * The {@code MLmodel} file that makes a folder an MLflow model: YAML with flavors and signature. It holds nothing that
 * differs between two registrations of the same files, so that equal content keeps an equal digest.
 */
final class MlModelFile {
    static final RelativePath NAME = RelativePath.of("MLmodel");

    private MlModelFile() {}

    /** Describes the files: flavors {@code onnx} and {@code python_function} for the one ONNX model, ours otherwise. */
    static Content describe(SortedMap<RelativePath, Content> files, @Nullable ModelSignature signature) {
        StringBuilder yaml = new StringBuilder("flavors:\n");
        List<RelativePath> onnx = files.keySet().stream()
                .filter(path ->
                        path.value().endsWith(".onnx") && path.segments().size() == 1)
                .toList();
        if (onnx.size() == 1) {
            String data = quoted(onnx.get(0).value());
            yaml.append("  onnx:\n    data: ").append(data).append('\n');
            yaml.append("    providers: [CPUExecutionProvider]\n");
            yaml.append("  python_function:\n    data: ").append(data).append('\n');
            yaml.append("    loader_module: mlflow.onnx\n");
        } else {
            yaml.append("  java_function:\n    files:\n");
            files.keySet()
                    .forEach(path ->
                            yaml.append("    - ").append(quoted(path.value())).append('\n'));
        }
        long bytes = files.values().stream().mapToLong(Content::bytes).sum();
        yaml.append("model_size_bytes: ").append(bytes).append('\n');
        if (signature != null) {
            yaml.append("signature:\n  inputs: ").append(quoted(json(signature.inputs())));
            yaml.append("\n  outputs: ")
                    .append(quoted(json(signature.outputs())))
                    .append("\n  params: null\n");
        }
        return Content.text(yaml.toString());
    }

    /** A single-quoted YAML scalar, in which only the quote itself is special. */
    private static String quoted(String text) {
        return "'" + text.replace("'", "''") + "'";
    }

    private static String json(Fields fields) {
        return Json.compact(SignatureJson.write(fields));
    }
}
