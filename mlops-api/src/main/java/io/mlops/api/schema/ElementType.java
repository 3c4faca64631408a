package io.mlops.api.schema;

/**
 * The type of a tensor's elements; stored as its numpy name, which is this one in lower case ({@code str} for STRING).
 */
public enum ElementType {
    BOOL,
    INT8,
    INT16,
    INT32,
    INT64,
    UINT8,
    UINT16,
    UINT32,
    UINT64,
    FLOAT16,
    BFLOAT16,
    FLOAT32,
    FLOAT64,
    STRING
}
