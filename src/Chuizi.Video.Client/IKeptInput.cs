namespace Chuizi.Video;

/// <summary>An input of a video in a form that needs little memory.</summary>
internal interface IKeptInput
{
    /// <summary>The input, as the user gave it.</summary>
    object Restore();
}
