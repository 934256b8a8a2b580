namespace Chuizi.Video.Client.Files;

/// <summary>What a path points to, as far as that is known without opening it.</summary>
internal enum PathKind
{
    /// <summary>The path does not exist, or is a folder.</summary>
    Missing,

    /// <summary>An empty file, or a pipe, a socket or a device. Opening a pipe waits until something writes to it.</summary>
    EmptyOrSpecial,

    /// <summary>A file with content.</summary>
    Regular,
}
