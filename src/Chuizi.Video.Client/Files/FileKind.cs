namespace Chuizi.Video.Client.Files;

/// <summary>What a path leads to, as far as that can be found out without opening it.</summary>
internal enum FileKind
{
    /// <summary>There is no file: nothing, or a folder.</summary>
    Missing,

    /// <summary>An empty file, or a pipe, a socket or a device. Opening a pipe waits until something writes to it.</summary>
    EmptyOrSpecial,

    /// <summary>A file with content.</summary>
    Regular,
}
