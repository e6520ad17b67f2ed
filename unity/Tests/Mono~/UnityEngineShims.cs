// Compile-only: the few names of UnityEngine that the package and its sample scene use, so that a compiler without
// Unity can check them. Nothing here is ever run, and nothing of it is part of the package.

namespace UnityEngine
{
    public class Object
    {
    }

    public class MonoBehaviour : Object
    {
    }

    public static class Debug
    {
        public static void Log(object message)
        {
        }

        public static void LogException(System.Exception exception)
        {
        }
    }

    public static class Application
    {
        public static string persistentDataPath
        {
            get { return ""; }
        }
    }

    public struct Rect
    {
        public Rect(float x, float y, float width, float height)
        {
        }
    }

    public sealed class GUILayoutOption
    {
    }

    public static class GUILayout
    {
        public static void BeginArea(Rect area)
        {
        }

        public static void EndArea()
        {
        }

        public static void Label(string text, params GUILayoutOption[] options)
        {
        }

        public static bool Button(string text, params GUILayoutOption[] options)
        {
            return false;
        }

        public static string TextField(string text, params GUILayoutOption[] options)
        {
            return text;
        }
    }

    public static class Screen
    {
        public static int width
        {
            get { return 0; }
        }

        public static int height
        {
            get { return 0; }
        }
    }

    [System.AttributeUsage(System.AttributeTargets.Field)]
    public sealed class TooltipAttribute : System.Attribute
    {
        public TooltipAttribute(string text)
        {
        }
    }
}
