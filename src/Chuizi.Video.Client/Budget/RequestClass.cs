namespace Chuizi.Video.Client.Budget;

/// <summary>The purpose of a request, which decides its priority.</summary>
internal enum RequestClass
{
    /// <summary>Goes first, because it starts the longest work.</summary>
    Submit,

    /// <summary>Has a fifth of the window reserved for it.</summary>
    Poll,

    /// <summary>Models, and key info for the user: counted, but never delayed.</summary>
    Other,
}
