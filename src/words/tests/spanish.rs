//! Needs in Spanish.

/// Sentences with what is to be read from them.
pub(super) const SENTENCES: &[(&str, &str)] = &[
    // Regiones
    ("Un chatbot para soporte en Fráncfort, barato", "regions=eu-central-1 prefers=cheap"),
    ("Atención al cliente en España", "regions=eu-south-2"),
    ("Clasificar correos en eu-west-1", "regions=eu-west-1"),
    ("Resumir actas en la región de Irlanda", "regions=eu-west-1"),
    ("Asistente interno alojado en París", "regions=eu-west-3"),
    ("Traducir contratos en un centro de datos español", "regions=eu-south-2"),
    ("Extraer datos de facturas en la región alemana", "regions=eu-central-1"),
    ("Buscador semántico desplegado en São Paulo", "regions=sa-east-1"),
    ("Generar fichas de producto, Virginia del Norte", "regions=us-east-1"),
    ("Moderar comentarios (Tokio)", "regions=ap-northeast-1"),
    ("Un bot de consultas lo más cerca posible de Barcelona", "regions=eu-south-2"),
    ("Resumir llamadas cerca de Bogotá", "regions=us-east-1"),
    ("Copiloto de código, región: Londres", "regions=eu-west-2"),
    ("Clasificar incidencias en México", "regions=mx-central-1"),
    ("Responder preguntas en Irlanda o en Estocolmo", "regions=eu-north-1,eu-west-1"),
    ("Detectar fraude en reclamaciones en Estados Unidos", "regions=us-east-1,us-east-2,us-west-1,us-west-2"),
    ("Nuestra cuenta de AWS está en Milán, resumir informes", "regions=eu-south-1"),
    ("Servidores en Zúrich, redactar informes", "regions=eu-central-2"),
    ("Ejecutar el clasificador en Oregón", "regions=us-west-2"),
    ("Bombay, chatbot para la intranet", "regions=ap-south-1"),
    ("Que corra en Virginia, generar código", "regions=us-east-1"),
    ("Usar la región de São Paulo, traducir fichas", "regions=sa-east-1"),
    ("En servidores de Fráncfort: resumir correos", "regions=eu-central-1"),
    ("Un clasificador en la nube de AWS en Irlanda", "regions=eu-west-1"),
    // Residencia
    ("Los datos no pueden salir de España, resumir historiales", "residency=es"),
    ("No puede salir de la UE: clasificar currículos", "residency=eu"),
    ("Residencia de datos en Alemania para un asistente legal", "residency=de"),
    ("Cumplir el RGPD, traducir contratos", "residency=eu"),
    ("Solo en la UE, extraer importes", "residency=eu"),
    ("Solo regiones de la UE para los vectores", "residency=eu"),
    ("Responder a ciudadanos con soberanía europea", "residency=eu"),
    ("Mantener todos los datos en Suiza y resumir extractos", "residency=ch"),
    ("Que los expedientes se queden en Francia, redactar resúmenes", "residency=fr"),
    ("Alojado en la Unión Europea, responder dudas", "residency=eu"),
    ("Los datos deben permanecer dentro de Brasil, clasificar quejas", "residency=br"),
    ("Alojado en Irlanda y sin salir de la UE, traducir fichas", "regions=eu-west-1 residency=eu"),
    ("Clasificar nóminas sin que salgan de Portugal", "residency=pt"),
    ("Únicamente en el Reino Unido, resumir sentencias", "residency=uk"),
    ("Los datos no deben salir de eu-south-2, redactar cartas", "residency=eu-south-2"),
    ("No quiero que salga nada de Alemania, resumir actas", "residency=de"),
    ("Nuestros datos nunca deben salir de Suiza, resumir extractos", "residency=ch"),
    ("Que los datos no salgan de Alemania ni de Francia, chatbot médico", "residency=de,fr"),
    ("Cartas de reclamación bien argumentadas, datos en España", "residency=es"),
    ("Servidores de la UE para un chatbot", "residency=eu"),
    // Dinero
    ("Traducir correos por menos de 2 centavos por petición", "cost=0.02/request"),
    ("Presupuesto de 50 dólares al mes para resumir correos", "cost=50/month"),
    ("Chatbot, como máximo 0,5 centavos por mensaje", "cost=0.005/request"),
    ("Resúmenes a 1 dólar por millón de tokens como mucho", "cost=1/1m"),
    ("Un presupuesto mensual máximo de 1.500 dólares para el buscador", "cost=1500/month"),
    ("Clasificar reseñas, no más de 3 dólares por cada mil peticiones", "cost=0.003/request"),
    ("Un asistente por 20 € al mes", "cost=22.344/month"),
    ("Un asistente por 1.000,50 dólares al mes", "cost=1000.5/month"),
    ("Ilustraciones a menos de 5 centavos por imagen", "cost=0.05/image"),
    ("Un dólar al día para etiquetar noticias", "cost=30/month"),
    ("Un céntimo por consulta, responder dudas", "cost=0.011172/request"),
    ("Podemos gastar hasta 600 dólares anuales en el chatbot", "cost=50/month"),
    ("Que no supere los 100 USD mensuales, resumir actas", "cost=100/month"),
    ("Chatbot por menos de 3.000 pesos al mes", ""),
    // Volúmenes
    ("Transcribir y resumir 1.200 llamadas al mes", "volume=1200"),
    ("Extraer importes de 30 documentos diarios", "volume=900"),
    ("Clasificar 2 millones de mensajes al día", "volume=60000000"),
    ("Medio millón de consultas al mes sobre el manual", "volume=500000"),
    ("Cada mes llegan 500 facturas que hay que clasificar", "volume=500"),
    ("Mil correos por semana para responder", "volume=4333"),
    ("Etiquetar 12 mil reseñas mensuales", "volume=12000"),
    ("Al día unas 200 reclamaciones para resumir", "volume=6000"),
    ("Unas 40k peticiones/mes para el asistente", "volume=40000"),
    ("Un volumen mensual de 80.000, responder dudas", "volume=80000"),
    ("Moderar 3.000 comentarios por hora", "volume=2160000"),
    ("Resumir reuniones de una hora, unas 40 a la semana", "volume=173 in=12150"),
    // Tamaños
    ("Resumir contratos de 300 páginas", "in=150000"),
    ("Escribir artículos de 2.000 palabras", "out=2700"),
    ("Resúmenes de 200 palabras", "out=270"),
    ("Resume entrevistas en 150 palabras", "out=203"),
    ("Redactar informes de 10 páginas", "out=5000"),
    ("Peticiones de 3.000 tokens de entrada y 400 tokens de salida", "in=3000 out=400"),
    ("Un agente con ventana de contexto de 200k", "context=200000"),
    ("Analizar código con 1 millón de tokens de contexto", "context=1000000"),
    ("Resumir llamadas de 30 minutos", "in=6075"),
    ("Resumir reuniones de dos horas", "in=24300"),
    ("Leer sentencias de unas 40 páginas y extraer el fallo", "in=20000"),
    ("Descripciones de ciento cincuenta palabras", "out=203"),
    ("Reducir las fichas a treinta palabras", "out=41"),
    ("Propuestas comerciales de 25 páginas a partir de cuatro notas", "out=12500"),
    // Modalidades y funciones
    ("Genera imágenes para la campaña", "gives=image"),
    ("Leer formularios manuscritos", "takes=image"),
    ("Extraer datos de fotos de tickets", "takes=image"),
    ("Crear vídeos cortos para redes", "gives=video"),
    ("Un asistente de voz para el hotel", "takes=speech gives=speech"),
    ("Transcribir archivos de audio", "takes=speech"),
    ("Extraer las partes de PDF escaneados", "takes=image features=documents"),
    ("Un agente con llamada a funciones y respuestas en streaming", "features=streaming,tools"),
    ("Clasificador con salida estructurada y ajuste fino", "features=json,fine-tuning"),
    ("Un chatbot sin imágenes y sin streaming de respuestas", ""),
    ("Un chatbot; el ajuste fino no hace falta", ""),
    // Proveedores
    ("Solo modelos de Amazon para resumir", "providers=amazon"),
    ("Nada de OpenAI, traducir tickets", "exclude=openai"),
    ("Cualquiera menos Anthropic para el clasificador", "exclude=anthropic"),
    ("Usar Claude o Mistral en la revisión de código", "providers=anthropic,mistral"),
    ("Un resumidor que no sea de DeepSeek", "exclude=deepseek"),
    ("Modelos de Meta para clasificar quejas", "providers=meta"),
    ("Redactar correos con Claude", "providers=anthropic"),
    ("Venimos de OpenAI y necesitamos un resumidor", ""),
    ("No quiero usar Qwen ni Kimi en el asistente", "exclude=moonshot,qwen"),
    // Latencia y preferencia
    ("Un asistente en tiempo real", "latency=low prefers=fast"),
    ("Etiquetar el archivo por lotes, no hay prisa", "latency=batch"),
    ("Traducir el catálogo por la noche, lo más barato posible", "latency=batch prefers=cheap"),
    ("Dictámenes de máxima calidad, cueste lo que cueste", "prefers=quality"),
    ("Un bot que responda rápido", "latency=low prefers=fast"),
    ("Un chatbot con buena relación calidad-precio", "prefers=balanced"),
    ("Respuestas en menos de dos segundos", "latency=low"),
    ("Autocompletado en menos de 300 ms", "latency=low"),
    // Juntos
    (
        "Resumir 40 mil tickets al mes en Fráncfort sin salir de la UE por menos de 200 dólares al mes",
        "regions=eu-central-1 residency=eu cost=200/month volume=40000",
    ),
    (
        "Chatbot para soporte en España, baja latencia, nada de Anthropic, máximo 1 centavo por petición",
        "regions=eu-south-2 cost=0.01/request exclude=anthropic latency=low prefers=fast",
    ),
    // Proveedores en lista, y lo que se dice detrás
    (
        "Etiquetar facturas; Mistral, Cohere o Meta nos valen, DeepSeek no nos vale",
        "providers=cohere,meta,mistral exclude=deepseek",
    ),
    ("Redactar cartas; OpenAI lo tenemos prohibido", "exclude=openai"),
    ("Resumir actas: Anthropic y Mistral son los únicos proveedores homologados", "providers=anthropic,mistral"),
    ("Traducir menús con cualquier proveedor menos Qwen", "exclude=qwen"),
    ("Vectores pequeños de Cohere para el buscador: embeddings compactos de Cohere", "providers=cohere"),
    // Desde dónde se llama
    ("Desde Irlanda, un asistente para el hotel", "regions=eu-west-1"),
    ("Clasificar recibos, llamado desde São Paulo", "regions=sa-east-1"),
    ("Fichas de producto para una tienda de Virginia", "regions=us-east-1"),
    ("Clasificar cartas desde Irlanda", ""),
    ("Un buscador de vuelos desde Madrid", ""),
    ("Plantillas de CloudFormation para eu-west-1, escribir y revisar", ""),
    // Datos que se quedan
    ("Resumir partes en la región de Canadá, los datos no pueden salir del país", "regions=ca-central-1 residency=ca"),
    ("Clasificar historias que por ley no pueden salir de Suiza", "residency=ch"),
    ("Sin que el audio salga del Reino Unido, resumir vistas", "residency=uk"),
    ("Buscador de leyes del Espacio Económico Europeo", ""),
    // Dinero por pieza
    ("Resolver reclamos, no más de 5 centavos cada uno", "cost=0.05/request"),
    ("Generar carteles a 5 centavos cada uno", "cost=0.05/image gives=image"),
    ("Leer boletas, medio centavo por cada boleta como mucho", "cost=0.005/request"),
    ("Nos preguntan treinta mil veces al mes por el chat y debe contestar una IA", "volume=30000"),
    ("Bot de avisos, 5 mil mensajes x mes", "volume=5000"),
    // Prisa y gusto
    ("Traducir actas, tarden lo que tarden", "latency=batch"),
    ("Contestar al tiro las dudas de los clientes", "latency=low"),
    ("Redactar dictámenes, la precisión manda", "prefers=quality"),
    ("Traducir coplas por cuatro duros", "prefers=cheap"),
];

#[test]
fn spanish_needs_are_read() {
    super::check(SENTENCES);
    assert!(SENTENCES.len() >= 80);
}

#[test]
fn capitals_accents_and_blanks_change_nothing() {
    super::check_variants(SENTENCES);
    super::check_variants(super::english::SENTENCES);
    super::check_variants(super::nothing::SENTENCES);
}
