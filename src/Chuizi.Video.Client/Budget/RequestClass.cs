namespace Chuizi.Video.Client.Budget;

/// <summary>What a request is for, which decides its turn.</summary>
internal enum RequestClass
{
    /// <summary>Goes first, since it starts the long work.</summary>
    Submit,

    /// <summary>Has a fifth of the window kept for it.</summary>
    Poll,

    /// <summary>Models and key info: counted, and never held back.</summary>
    Other,
}
